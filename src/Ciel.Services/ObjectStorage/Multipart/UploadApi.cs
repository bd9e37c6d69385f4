using System.Net;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Locking;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Multipart;

/// <summary>Multipart uploads: begin, parts, copied parts, abort.</summary>
internal sealed class UploadApi(Db db, UploadBook book, ObjectBytes bytes, Encryptions encryptions, AclHeaders lists, CopySource source) : IObjectApi
{
    private const int MostParts = 10_000;

    public IEnumerable<Operation> Operations =>
    [
        new Operation("CreateMultipartUpload", "POST", Scope.Object, Create) { Marker = "uploads" },
        new Operation("UploadPart", "PUT", Scope.Object, Put) { Marker = "uploadId" },
        new Operation("UploadPartCopy", "PUT", Scope.Object, Copy) { Marker = "uploadId", Header = CopySource.Header },
        new Operation("AbortMultipartUpload", "DELETE", Scope.Object, Abort) { Marker = "uploadId" },
    ];

    private async Task Create(S3Call call)
    {
        Authorizer.Write(call, "s3:PutObject", call.Key);
        var (algorithm, type) = ChecksumOf(call);
        var tags = call.Header("x-amz-tagging") is { } text ? TagSet.ParseHeader(text) : [];
        var (acl, ownerId, ownerName) = await lists.ForObject(call);
        TagSet.Require(call, tags, ownerId);
        var retention = Retention.Of(call);
        var (encryption, _) = await encryptions.ForWrite(call);
        var info = ObjectHeaders.Read(call) with { Encryption = encryption, Checksum = algorithm is null ? null : new ObjectChecksum(algorithm, "", type!) };
        var row = await book.Begin(call, new UploadRow
        {
            Id = "",
            BucketId = call.Bucket.Id,
            ObjectKey = call.Key,
            Info = info.Text,
            Acl = acl.Text,
            Tags = TagSet.Text(tags),
            RetainMode = retention.Mode,
            RetainUntil = retention.Until,
            LegalHold = retention.Hold,
            OwnerId = ownerId,
            OwnerName = ownerName,
        });
        call.Answer("x-amz-checksum-algorithm", algorithm);
        call.Answer("x-amz-checksum-type", type);
        Encryptions.Answer(call, encryption);
        await call.Xml("InitiateMultipartUploadResult", xml =>
        {
            xml.Text("Bucket", call.Bucket.Name);
            xml.Text("Key", call.Key);
            xml.Text("UploadId", row.Id);
        });
    }

    private async Task Put(S3Call call)
    {
        Authorizer.Write(call, "s3:PutObject", call.Key);
        var number = Number(call);
        var upload = await book.Find(call);
        using var body = IncomingBody.Of(call, upload.Details.Checksum?.Algorithm ?? Checksum.Default);
        Require(upload, body.Declared);
        if (body.Announced is { } announced)
        {
            await ObjectQuota.Foresee(db, call.Bucket, announced, async r => (await UploadStore.Part(r, upload.Id, number))?.Size ?? 0, call.Cancel);
        }

        var part = await Take(call, upload, number, body);
        call.Answer("ETag", $"\"{part.Etag}\"");
        call.Answer(Checksum.Header(body.Algorithm), body.ChecksumValue);
        Encryptions.Answer(call, upload.Details.Encryption);
        await call.Empty();
    }

    private async Task Copy(S3Call call)
    {
        Authorizer.Write(call, "s3:PutObject", call.Key);
        var number = Number(call);
        var upload = await book.Find(call);
        var (bucket, from) = await source.Find(call);
        var range = call.Header("x-amz-copy-source-range") is { } text ? ByteRange.OfCopy(text, from.Size) : new ByteRange(0, from.Size);
        var key = await encryptions.ForRead(call, from.Details.Encryption, copySource: true);
        using var body = new HashedStream(bytes.Open(from.Bytes, key, range.Offset, range.Count), upload.Details.Checksum?.Algorithm ?? Checksum.Default);
        var part = await Take(call, upload, number, body);
        call.Answer("x-amz-copy-source-version-id", bucket.EverVersioned ? from.VersionId : null);
        Encryptions.Answer(call, upload.Details.Encryption);
        await call.Xml("CopyPartResult", xml =>
        {
            xml.Instant("LastModified", part.CreatedAt);
            xml.Text("ETag", $"\"{part.Etag}\"");
            xml.Text("Checksum" + body.Algorithm, upload.Details.Checksum is null ? null : part.Checksum);
        });
    }

    private async Task Abort(S3Call call)
    {
        Authorizer.Write(call, "s3:AbortMultipartUpload", call.Key);
        await book.Abort(call, call.Query("uploadId")!);
        await call.Empty(HttpStatusCode.NoContent);
    }

    private async Task<PartRow> Take(S3Call call, UploadRow upload, int number, HashedStream body)
    {
        var key = await encryptions.ForRead(call, upload.Details.Encryption);
        var content = await bytes.Take(body, key, mayInline: false, PutObjectApi.Most, Durability.IsRelaxed(call.Bucket), call.Cancel);
        return await book.Put(call, new PartRow
        {
            UploadId = upload.Id,
            Number = number,
            Size = content.Size,
            Etag = body.Etag,
            Checksum = body.ChecksumValue,
            Content = content.Text,
        });
    }

    // Of parts that come without, none could later be compared with what the completion says.
    private static void Require(UploadRow upload, string? declared)
    {
        if (upload.Details.Checksum is { } checksum && declared != checksum.Algorithm && (declared is not null || checksum.Type == ObjectChecksum.Composite))
        {
            throw Faults.InvalidRequest($"Checksum Type mismatch occurred, expected checksum Type: {checksum.Algorithm.ToLowerInvariant()}, actual checksum Type: {declared?.ToLowerInvariant() ?? "null"}");
        }
    }

    private static int Number(S3Call call) => int.TryParse(call.Query("partNumber"), out var number) && number is >= 1 and <= MostParts
        ? number
        : throw Faults.InvalidArgument("partNumber", call.Query("partNumber"), $"Part number must be an integer between 1 and {MostParts}, inclusive");

    // What S3 has combined since full-object checksums came: CRCs of either type (CRC64NVME full only), SHA composite only.
    private static (string? Algorithm, string? Type) ChecksumOf(S3Call call)
    {
        var (name, type) = (call.Header("x-amz-checksum-algorithm"), call.Header("x-amz-checksum-type")?.ToUpperInvariant());
        if (name is null)
        {
            return type is null ? (null, null) : throw Faults.InvalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        }

        var algorithm = Checksum.Known(name);
        var result = type ?? (algorithm == "CRC64NVME" ? ObjectChecksum.FullObject : ObjectChecksum.Composite);
        return (result == ObjectChecksum.Composite && algorithm != "CRC64NVME") || (result == ObjectChecksum.FullObject && Checksum.IsCrc(algorithm))
            ? (algorithm, result)
            : throw Faults.InvalidRequest($"The {result} checksum type cannot be used with the {algorithm.ToLowerInvariant()} checksum algorithm.");
    }
}
