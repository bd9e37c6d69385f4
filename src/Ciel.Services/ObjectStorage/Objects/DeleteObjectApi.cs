using System.Xml;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Locking;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>DeleteObject and DeleteObjects.</summary>
internal sealed class DeleteObjectApi(VersionBook book) : IObjectApi
{
    private const int Most = 1000;

    public IEnumerable<Operation> Operations =>
    [
        new Operation("DeleteObject", "DELETE", Scope.Object, Delete),
        new Operation("DeleteObjects", "POST", Scope.Bucket, DeleteMany) { Marker = "delete" },
    ];

    private async Task Delete(S3Call call)
    {
        var version = call.Query("versionId");
        VersionIds.Require(version);
        Authorizer.Write(call, Action(version), call.Key);
        var removed = await book.Delete(
            Deed.Of(call),
            call.Bucket,
            call.Key,
            version,
            Allowed(call, version, new Wanted(call.Key, version, call.Header("If-Match"), call.Header("x-amz-if-match-size"), call.Header("x-amz-if-match-last-modified-time"))),
            call.Cancel);
        if (removed.Marker)
        {
            call.Answer("x-amz-delete-marker", "true");
        }

        if (call.Bucket.EverVersioned)
        {
            call.Answer("x-amz-version-id", removed.VersionId);
        }

        await call.Empty(System.Net.HttpStatusCode.NoContent);
    }

    private async Task DeleteMany(S3Call call)
    {
        var root = await XmlInput.Read(call, "Delete");
        var wanted = root.All("Object").Select(Wanted.Parse).ToList();
        if (wanted.Count is 0 or > Most)
        {
            throw Faults.MalformedXml();
        }

        var quiet = root.Text("Quiet")?.Trim() == "true";
        var results = new List<(Wanted Wanted, Removed? Removed, S3Fault? Fault)>();
        foreach (var one in wanted)
        {
            results.Add(await Try(call, one));
        }

        await call.Xml("DeleteResult", xml =>
        {
            foreach (var (one, removed, fault) in results.Where(r => !quiet || r.Fault is not null))
            {
                Write(xml, one, removed, fault);
            }
        });
    }

    private async Task<(Wanted Wanted, Removed? Removed, S3Fault? Fault)> Try(S3Call call, Wanted one)
    {
        try
        {
            Authorizer.Write(call, Action(one.Version), one.Key);
            return (one, await book.Delete(Deed.Of(call), call.Bucket, one.Key, one.Version, Allowed(call, one.Version, one), call.Cancel), null);
        }
        catch (S3Fault fault)
        {
            return (one, null, fault);
        }
    }

    private static void Write(XmlWriter xml, Wanted one, Removed? removed, S3Fault? fault) => xml.Element(fault is null ? "Deleted" : "Error", () =>
    {
        xml.Text("Key", one.Key);
        xml.Text("VersionId", one.Version);
        if (fault is not null)
        {
            xml.Text("Code", fault.Code);
            xml.Text("Message", fault.Message);
        }
        else if (removed!.Marker)
        {
            xml.Truth("DeleteMarker", true);
            xml.Text("DeleteMarkerVersionId", removed.VersionId);
        }
    });

    // A version goes for good, so locks count; a marker removes nothing.
    private static Func<BucketRow, VersionRow?, bool> Allowed(S3Call call, string? version, Wanted wanted) => (bucket, row) =>
    {
        var goOn = Conditions.Delete(row, wanted.Etag, wanted.Size, wanted.Modified);
        if (row is { Marker: false } && (version is not null || !bucket.EverVersioned))
        {
            Retention.Check(row, call.Now, LockBypass.Of(call, wanted.Key));
        }

        return goOn;
    };

    private static string Action(string? version) => version is null ? "s3:DeleteObject" : "s3:DeleteObjectVersion";

    private sealed record Wanted(string Key, string? Version, string? Etag, string? Size, string? Modified)
    {
        public static Wanted Parse(XElement element) => new(
            element.Text("Key") is { Length: > 0 } key && !key.Contains('\0', StringComparison.Ordinal) ? key : throw Faults.MalformedXml(),
            element.Text("VersionId") is { Length: > 0 } version ? version : null,
            element.Text("ETag"), element.Text("Size"), element.Text("LastModifiedTime"));
    }
}
