using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Ciel.Core.Http;
using Ciel.Core.Http.Egress;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>A bucket of another S3, path style, as far as replication needs it.</summary>
internal sealed class RemoteBucket(Egress egress, SigV4 signer, string endpoint, string bucket, TimeProvider time)
{
    private const long MostAtOnce = 5L << 30;
    private const long Part = 512L << 20;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(15);

    /// <summary>Whether it is there and keeps versions.</summary>
    public async Task<bool> Versioned(CancellationToken cancel)
    {
        var answer = await Send(HttpMethod.Get, "", "versioning=", [], null, cancel);
        return answer.Good ? Parse(answer.Body).Text("Status") == "Enabled" : throw Refused(answer);
    }

    /// <summary>Puts an object with what it bears.</summary>
    /// <param name="row">The version.</param>
    /// <param name="storageClass">Null for the object's own.</param>
    /// <param name="open">Opens a range of its bytes.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task Put(VersionRow row, string? storageClass, Func<long, long, Stream> open, CancellationToken cancel)
    {
        var headers = Headers(row, storageClass);
        if (row.Size > MostAtOnce)
        {
            await PutParts(row, headers, open, cancel);
            return;
        }

        if (row.Details.Checksum is { Type: ObjectChecksum.FullObject } checksum)
        {
            headers.Add((Checksum.Header(checksum.Algorithm), checksum.Value));
        }

        Require(await Send(HttpMethod.Put, row.ObjectKey, "", headers, new Bytes(() => open(0, row.Size), row.Size), cancel));
    }

    /// <summary>Hides a key behind a delete marker.</summary>
    public async Task Delete(string key, CancellationToken cancel) => Require(await Send(HttpMethod.Delete, key, "", [Replica], null, cancel));

    /// <summary>Sets the tags of the latest version.</summary>
    public async Task Tag(VersionRow row, CancellationToken cancel) =>
        Require(await Send(HttpMethod.Put, row.ObjectKey, "tagging=", [Replica], Small(TagSet.Xml(TagSet.Parse(row.Tags))), cancel));

    private static (string Name, string Value) Replica => (Deed.ReplicationHeader, Deed.ReplicaStatus);

    private async Task PutParts(VersionRow row, List<(string, string)> headers, Func<long, long, Stream> open, CancellationToken cancel)
    {
        var begun = Require(await Send(HttpMethod.Post, row.ObjectKey, "uploads=", headers, Small([]), cancel));
        var upload = "uploadId=" + Percent.Encode(Parse(begun.Body).Text("UploadId") ?? throw new EgressRefusedException("The target began no upload."));
        try
        {
            var done = new StringBuilder("<CompleteMultipartUpload>");
            var number = 1;
            for (var offset = 0L; offset < row.Size; offset += Part, number++)
            {
                var (from, count) = (offset, Math.Min(Part, row.Size - offset));
                var part = Require(await Send(HttpMethod.Put, row.ObjectKey, $"partNumber={number}&{upload}", [], new Bytes(() => open(from, count), count), cancel));
                done.Append($"<Part><PartNumber>{number}</PartNumber><ETag>{WebUtility.HtmlEncode(part.Headers.GetValueOrDefault("ETag"))}</ETag></Part>");
            }

            var body = Encoding.UTF8.GetBytes(done.Append("</CompleteMultipartUpload>").ToString());
            var answer = Require(await Send(HttpMethod.Post, row.ObjectKey, upload, [Replica], Small(body), cancel));
            // This answer's status is sent before the outcome is known.
            _ = Parse(answer.Body) is { Name.LocalName: "Error" } error ? throw new EgressRefusedException($"The target answered {error.Text("Code")}: {error.Text("Message")}") : 0;
        }
        catch (EgressRefusedException)
        {
            await Send(HttpMethod.Delete, row.ObjectKey, upload, [], null, cancel);
            throw;
        }
    }

    private static List<(string, string)> Headers(VersionRow row, string? storageClass)
    {
        var info = row.Details;
        List<(string, string)> headers = [Replica, .. info.Headers.Select(h => (h.Key, h.Value)), .. info.Meta.Select(m => ("x-amz-meta-" + m.Key, m.Value))];
        if (TagSet.Parse(row.Tags) is { Count: > 0 } tags)
        {
            headers.Add(("x-amz-tagging", TagSet.Header(tags)));
        }

        if ((storageClass ?? info.StorageClass) is var name && name != StorageClasses.Standard)
        {
            headers.Add(("x-amz-storage-class", name));
        }

        if (row is { RetainMode: { } mode, RetainUntil: { } until })
        {
            headers.Add(("x-amz-object-lock-mode", mode));
            headers.Add(("x-amz-object-lock-retain-until-date", Instants.Iso(until)));
        }

        if (row.LegalHold)
        {
            headers.Add(("x-amz-object-lock-legal-hold", "ON"));
        }

        return headers;
    }

    private Task<EgressAnswer> Send(HttpMethod method, string key, string query, List<(string Name, string Value)> headers, Bytes? body, CancellationToken cancel)
    {
        var url = new Uri($"{endpoint}/{Percent.Encode(bucket)}{(key.Length > 0 ? "/" + Percent.Encode(key, "/") : "")}{(query.Length > 0 ? "?" + query : "")}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        // A megabyte each second is the least that a transfer must come to.
        var limits = new EgressLimits(Short + TimeSpan.FromSeconds((body?.Size ?? 0) >> 20));
        return egress.Call(
            u =>
            {
                var request = new HttpRequestMessage(method, u) { Content = body?.Content() };
                foreach (var (name, value) in headers)
                {
                    if (!request.Headers.TryAddWithoutValidation(name, value))
                    {
                        request.Content?.Headers.TryAddWithoutValidation(name, value);
                    }
                }

                signer.Sign(request, body?.Hash ?? (body is null ? Convert.ToHexStringLower(SHA256.HashData([])) : SigV4.Unsigned), time.GetUtcNow());
                return request;
            },
            url,
            limits,
            cancel);
    }

    private static EgressAnswer Require(EgressAnswer answer) => answer.Good ? answer : throw Refused(answer);

    private static EgressRefusedException Refused(EgressAnswer answer)
    {
        var error = answer.Body.Length > 0 ? Parse(answer.Body) : null;
        return new EgressRefusedException(error?.Text("Code") is { } code ? $"The target answered {(int)answer.Status} {code}: {error.Text("Message")}" : $"The target answered {(int)answer.Status}.");
    }

    private static XElement Parse(byte[] body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader).Root!;
        }
        catch (XmlException e)
        {
            throw new EgressRefusedException("The target's answer is no XML: it may be no S3.", e);
        }
    }

    private static Bytes Small(byte[] bytes) => new(() => new MemoryStream(bytes), bytes.Length) { Hash = Convert.ToHexStringLower(SHA256.HashData(bytes)) };

    /// <summary>A body.</summary>
    private sealed record Bytes(Func<Stream> Open, long Size)
    {
        /// <summary>SHA-256 in hex; null where it is not signed.</summary>
        public string? Hash { get; init; }

        public StreamContent Content()
        {
            var content = new StreamContent(Open(), 128 * 1024);
            content.Headers.ContentLength = Size;
            return content;
        }
    }
}
