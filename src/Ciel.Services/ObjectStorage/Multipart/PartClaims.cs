using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Multipart;

/// <summary>What a client says of checksums when it completes an upload: how they are combined, the whole's, and each part's.</summary>
internal static class PartClaims
{
    /// <summary>Refuses headers that contradict the upload or one another.</summary>
    public static void CheckHeaders(S3Call call, ObjectChecksum? begun)
    {
        if (Checksum.Names.Count(name => call.Header(Checksum.Header(name)) is not null) > 1)
        {
            throw Faults.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }

        var type = call.Header("x-amz-checksum-type")?.ToUpperInvariant();
        if (type is not (null or ObjectChecksum.FullObject or ObjectChecksum.Composite))
        {
            throw Faults.InvalidRequest("Value for x-amz-checksum-type header is invalid.");
        }

        if (type is not null && begun is not null && type != begun.Type)
        {
            throw Faults.InvalidRequest($"The upload was created using the {begun.Type} checksum mode. The complete request must use the same checksum mode.");
        }
    }

    /// <summary>Refuses parts whose checksums are none, or another algorithm's than the upload's. Those that say nothing pass: the upload's own were compared.</summary>
    public static void CheckParts(IReadOnlyList<WantedPart> wanted, ObjectChecksum? begun)
    {
        foreach (var part in wanted)
        {
            var said = Checksum.Names.Select(name => (Name: name, Value: part.Element.Text("Checksum" + name))).Where(c => c.Value is not null).ToList();
            if (said.Count > 1 || said.Any(c => !Expected.IsValue(c.Name, c.Value!)))
            {
                throw Faults.InvalidArgument("Checksum", said[0].Value, "Invalid Base64 or multiple checksums present in request");
            }

            if (begun is not null && said is [var other] && other.Name != begun.Algorithm)
            {
                throw new S3Fault(400, "BadDigest", $"The {other.Name.ToLowerInvariant()} you specified for part {part.Number} did not match what we received.");
            }
        }
    }
}
