using System.Buffers.Text;
using System.Text;
using System.Xml;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Listing;

/// <summary>ListObjects and ListObjectsV2.</summary>
internal sealed class ListObjectsApi(Db db) : IObjectApi
{
    public IEnumerable<Operation> Operations =>
    [
        new Operation("ListObjectsV2", "GET", Scope.Bucket, ListV2) { Marker = "list-type", Action = "s3:ListBucket", Permission = "READ" },
        new Operation("ListObjects", "GET", Scope.Bucket, List) { Action = "s3:ListBucket", Permission = "READ" },
    ];

    private async Task List(S3Call call)
    {
        var query = ListQuery.Of(call);
        var marker = call.Query("marker") ?? "";
        var page = await Read(call, query, query.After(marker));
        await call.Xml("ListBucketResult", xml =>
        {
            xml.Text("Name", call.Bucket.Name);
            // Clients of the first version do not decode it.
            xml.Text("Prefix", query.Prefix);
            xml.Text("Marker", query.Encoded(marker));
            xml.Text("NextMarker", page.Next is not null && query.Delimiter is not null ? query.Encoded(page.LastName) : null);
            Common(xml, query, page);
            Contents(xml, query, page, owner: true);
        });
    }

    private async Task ListV2(S3Call call)
    {
        if (call.Query("list-type") != "2")
        {
            throw Faults.InvalidArgument("list-type", call.Query("list-type"), "Invalid List Type specified in Request");
        }

        var query = ListQuery.Of(call);
        var (token, start) = (call.Query("continuation-token"), call.Query("start-after"));
        var page = await Read(call, query, !string.IsNullOrEmpty(token) ? Open(token) : query.After(start ?? ""));
        await call.Xml("ListBucketResult", xml =>
        {
            xml.Text("Name", call.Bucket.Name);
            xml.Text("Prefix", query.Encoded(query.Prefix));
            xml.Text("StartAfter", query.Encoded(start));
            xml.Text("ContinuationToken", token);
            xml.Text("NextContinuationToken", page.Next is { } next ? Seal(next) : null);
            xml.Number("KeyCount", page.Items.Count + page.Prefixes.Count);
            Common(xml, query, page);
            Contents(xml, query, page, owner: call.Query("fetch-owner") == "true");
        });
    }

    private Task<Page<ListedVersion>> Read(S3Call call, ListQuery query, Position? start) => db.Read(
        reader => new Walk<ListedVersion>(
            (after, end, most) => ListStore.Current(reader, call.Bucket.Id, after, end, most), row => new Position(row.ObjectKey), query.Prefix, query.Delimiter, query.Most).Run(start),
        call.Cancel);

    private static void Common(XmlWriter xml, ListQuery query, Page<ListedVersion> page)
    {
        xml.Number("MaxKeys", query.Most);
        xml.Text("Delimiter", query.Encoded(query.Delimiter));
        xml.Text("EncodingType", query.Encode ? "url" : null);
        xml.Truth("IsTruncated", page.Next is not null);
    }

    private static void Contents(XmlWriter xml, ListQuery query, Page<ListedVersion> page, bool owner)
    {
        foreach (var row in page.Items)
        {
            xml.Element("Contents", () =>
            {
                var details = row.Details;
                xml.Text("Key", query.Encoded(row.ObjectKey));
                xml.Instant("LastModified", row.CreatedAt);
                xml.Text("ETag", $"\"{row.Etag}\"");
                xml.Text("ChecksumAlgorithm", details.Checksum?.Algorithm);
                xml.Text("ChecksumType", details.Checksum?.Type);
                xml.Number("Size", row.Size);
                if (owner)
                {
                    xml.Account("Owner", row.OwnerId, row.OwnerName);
                }

                xml.Text("StorageClass", details.StorageClass);
            });
        }

        query.WritePrefixes(xml, page.Prefixes);
    }

    // Opaque to clients: whether the place itself still counts, then the key.
    private static string Seal(Position next) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes((next.Rank == long.MinValue ? "=" : ">") + next.Key));

    private static Position Open(string token)
    {
        var text = Base64Url.IsValid(token) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)) : "";
        return text is ['=' or '>', ..] && !text.Contains('\0', StringComparison.Ordinal)
            ? text[0] == '=' ? Position.Before(text[1..]) : new Position(text[1..])
            : throw Faults.InvalidArgument("continuation-token", token, "The continuation token provided is incorrect");
    }
}
