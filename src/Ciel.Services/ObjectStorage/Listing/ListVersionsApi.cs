using System.Xml;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Listing;

/// <summary>ListObjectVersions.</summary>
internal sealed class ListVersionsApi(Db db) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
        [new Operation("ListObjectVersions", "GET", Scope.Bucket, List) { Marker = "versions", Action = "s3:ListBucketVersions", Permission = "READ" }];

    private async Task List(S3Call call)
    {
        var query = ListQuery.Of(call);
        var (keyMarker, idMarker) = (call.Query("key-marker") ?? "", call.Query("version-id-marker") ?? "");
        if (idMarker.Length > 0 && keyMarker.Length == 0)
        {
            throw Faults.InvalidArgument("version-id-marker", idMarker, "A version-id marker cannot be specified without a key marker.");
        }

        var page = await db.Read(
            async reader =>
            {
                var start = query.After(keyMarker);
                if (idMarker.Length > 0)
                {
                    // A version that went meanwhile: the key's others are told again rather than passed over.
                    start = await ListStore.RankOf(reader, call.Bucket.Id, keyMarker, idMarker) is { } rank ? new Position(keyMarker, rank) : Position.Before(keyMarker);
                }

                return await new Walk<ListedVersion>(
                    (after, end, most) => ListStore.All(reader, call.Bucket.Id, after, end, most), row => new Position(row.ObjectKey, row.Rank), query.Prefix, query.Delimiter, query.Most).Run(start);
            },
            call.Cancel);
        await call.Xml("ListVersionsResult", xml => Write(xml, call, query, page));
    }

    private static void Write(XmlWriter xml, S3Call call, ListQuery query, Page<ListedVersion> page)
    {
        xml.Text("Name", call.Bucket.Name);
        xml.Text("Prefix", query.Encoded(query.Prefix));
        xml.Text("KeyMarker", query.Encoded(call.Query("key-marker") ?? ""));
        xml.Text("VersionIdMarker", call.Query("version-id-marker") ?? "");
        if (page.Next is not null)
        {
            xml.Text("NextKeyMarker", query.Encoded(page.LastName));
            xml.Text("NextVersionIdMarker", page.Items.Count > 0 && page.Items[^1].ObjectKey == page.LastName ? page.Items[^1].VersionId : null);
        }

        xml.Number("MaxKeys", query.Most);
        xml.Text("Delimiter", query.Encoded(query.Delimiter));
        xml.Text("EncodingType", query.Encode ? "url" : null);
        xml.Truth("IsTruncated", page.Next is not null);
        foreach (var row in page.Items)
        {
            xml.Element(row.Marker ? "DeleteMarker" : "Version", () => Entry(xml, query, row));
        }

        query.WritePrefixes(xml, page.Prefixes);
    }

    private static void Entry(XmlWriter xml, ListQuery query, ListedVersion row)
    {
        xml.Text("Key", query.Encoded(row.ObjectKey));
        xml.Text("VersionId", row.VersionId);
        xml.Truth("IsLatest", row.Latest);
        xml.Instant("LastModified", row.CreatedAt);
        if (!row.Marker)
        {
            xml.Text("ETag", $"\"{row.Etag}\"");
            xml.Text("ChecksumAlgorithm", row.Details.Checksum?.Algorithm);
            xml.Number("Size", row.Size);
            xml.Text("StorageClass", row.Details.StorageClass);
        }

        xml.Account("Owner", row.OwnerId, row.OwnerName);
    }
}
