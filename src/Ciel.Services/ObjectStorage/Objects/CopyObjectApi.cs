using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>CopyObject.</summary>
internal sealed class CopyObjectApi(CopySource source, ObjectBytes bytes, Encryptions encryptions, PutObjectApi put) : IObjectApi
{
    public IEnumerable<Operation> Operations => [new Operation("CopyObject", "PUT", Scope.Object, Copy) { Header = CopySource.Header }];

    private async Task Copy(S3Call call)
    {
        Authorizer.Write(call, "s3:PutObject", call.Key);
        var (bucket, from) = await source.Find(call);
        var replace = Directive(call, "x-amz-metadata-directive");
        var tagging = Directive(call, "x-amz-tagging-directive");
        if (bucket.Id == call.Bucket.Id && from.ObjectKey == call.Key && from.Latest && !replace && !ChangesSomething(call))
        {
            throw Faults.InvalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        }

        if (from.Size > PutObjectApi.Most)
        {
            throw Faults.InvalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");
        }

        var asked = ObjectHeaders.Read(call);
        var details = from.Details;
        var info = replace ? asked : details with
        {
            StorageClass = asked.StorageClass,
            Parts = null,
            Headers = new(details.Headers.Where(h => h.Key != ObjectHeaders.Redirect).Concat(asked.Headers.Where(h => h.Key == ObjectHeaders.Redirect))),
        };
        var tags = tagging ? TagSet.ParseHeader(call.Header("x-amz-tagging") ?? "") : TagSet.Parse(from.Tags);
        var key = await encryptions.ForRead(call, details.Encryption, copySource: true);
        var algorithm = call.Header("x-amz-checksum-algorithm") is { } name ? Checksum.Known(name) : details.Checksum?.Algorithm ?? Checksum.Default;
        using var body = new HashedStream(bytes.Open(from.Bytes, key, 0, from.Size), algorithm);
        var row = await put.Store(call, body, tags, info, Conditions.Write(call));
        Answer(call, from, row, bucket.EverVersioned);
        await call.Xml("CopyObjectResult", xml =>
        {
            xml.Instant("LastModified", row.CreatedAt);
            xml.Text("ETag", $"\"{row.Etag}\"");
            xml.Text("ChecksumType", row.Details.Checksum!.Type);
            xml.Text("Checksum" + algorithm, row.Details.Checksum.Value);
        });
    }

    private static void Answer(S3Call call, VersionRow from, VersionRow row, bool sourceVersioned)
    {
        call.Answer("x-amz-copy-source-version-id", sourceVersioned ? from.VersionId : null);
        call.Answer("x-amz-version-id", call.Bucket.EverVersioned ? row.VersionId : null);
        Encryptions.Answer(call, row.Details.Encryption);
    }

    private static bool ChangesSomething(S3Call call) => call.Header("x-amz-storage-class") is not null || call.Header(ObjectHeaders.Redirect) is not null
        || call.Http.Request.Headers.Keys.Any(k => k.StartsWith("x-amz-server-side-encryption", StringComparison.OrdinalIgnoreCase)) || call.Target.Query.Any(q => q.Name == "versionId")
        || call.Header(CopySource.Header)!.Contains("?versionId=", StringComparison.Ordinal);

    private static bool Directive(S3Call call, string header) => call.Header(header) switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        var other => throw Faults.InvalidArgument(header, other, "Unknown directive."),
    };
}
