using System.Globalization;
using Ciel.Core.Store;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Listing;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Multipart;

/// <summary>ListMultipartUploads and ListParts.</summary>
internal sealed class ListUploadsApi(Db db, UploadBook book) : IObjectApi
{
    private const int Most = 1000;

    public IEnumerable<Operation> Operations =>
    [
        new Operation("ListMultipartUploads", "GET", Scope.Bucket, List) { Marker = "uploads", Action = "s3:ListBucketMultipartUploads", Permission = "READ" },
        new Operation("ListParts", "GET", Scope.Object, Parts) { Marker = "uploadId" },
    ];

    private async Task List(S3Call call)
    {
        var query = ListQuery.Of(call, "max-uploads");
        var (keyMarker, idMarker) = (call.Query("key-marker") ?? "", call.Query("upload-id-marker") ?? "");
        var start = keyMarker.Length > 0 && idMarker.Length > 0 ? new Position(keyMarker, 0, idMarker) : query.After(keyMarker);
        var page = await db.Read(
            reader => new Walk<UploadRow>(
                (after, end, most) => ListStore.Uploads(reader, call.Bucket.Id, after, end, most), row => new Position(row.ObjectKey, 0, row.Id), query.Prefix, query.Delimiter, query.Most).Run(start),
            call.Cancel);
        await call.Xml("ListMultipartUploadsResult", xml =>
        {
            xml.Text("Bucket", call.Bucket.Name);
            xml.Text("KeyMarker", query.Encoded(keyMarker));
            xml.Text("UploadIdMarker", idMarker);
            xml.Text("NextKeyMarker", page.Next is null ? null : query.Encoded(page.LastName));
            xml.Text("NextUploadIdMarker", page.Next is null ? null : page.Next.Id);
            xml.Text("Prefix", query.Encoded(query.Prefix));
            xml.Text("Delimiter", query.Encoded(query.Delimiter));
            xml.Text("EncodingType", query.Encode ? "url" : null);
            xml.Number("MaxUploads", query.Most);
            xml.Truth("IsTruncated", page.Next is not null);
            foreach (var row in page.Items)
            {
                xml.Element("Upload", () =>
                {
                    xml.Text("Key", query.Encoded(row.ObjectKey));
                    xml.Text("UploadId", row.Id);
                    xml.Account("Initiator", row.OwnerId, row.OwnerName);
                    xml.Account("Owner", row.OwnerId, row.OwnerName);
                    xml.Text("StorageClass", row.Details.StorageClass);
                    xml.Instant("Initiated", row.CreatedAt);
                    xml.Text("ChecksumAlgorithm", row.Details.Checksum?.Algorithm);
                    xml.Text("ChecksumType", row.Details.Checksum?.Type);
                });
            }

            query.WritePrefixes(xml, page.Prefixes);
        });
    }

    private async Task Parts(S3Call call)
    {
        Authorizer.Write(call, "s3:ListMultipartUploadParts", call.Key);
        var upload = await book.Find(call);
        var most = call.Number("max-parts", Most, 0, Most);
        var marker = call.Number("part-number-marker", 0, 0, int.MaxValue);
        var parts = await db.Read(r => UploadStore.Parts(r, upload.Id, marker, most + 1), call.Cancel);
        await call.Xml("ListPartsResult", xml =>
        {
            xml.Text("Bucket", call.Bucket.Name);
            xml.Text("Key", call.Key);
            xml.Text("UploadId", upload.Id);
            xml.Account("Initiator", upload.OwnerId, upload.OwnerName);
            xml.Account("Owner", upload.OwnerId, upload.OwnerName);
            xml.Text("StorageClass", upload.Details.StorageClass);
            xml.Number("PartNumberMarker", marker);
            xml.Text("NextPartNumberMarker", parts.Take(most).LastOrDefault()?.Number.ToString(CultureInfo.InvariantCulture) ?? "0");
            xml.Number("MaxParts", most);
            xml.Truth("IsTruncated", parts.Count > most);
            xml.Text("ChecksumAlgorithm", upload.Details.Checksum?.Algorithm);
            xml.Text("ChecksumType", upload.Details.Checksum?.Type);
            foreach (var part in parts.Take(most))
            {
                xml.Element("Part", () =>
                {
                    xml.Number("PartNumber", part.Number);
                    xml.Instant("LastModified", part.CreatedAt);
                    xml.Text("ETag", $"\"{part.Etag}\"");
                    xml.Number("Size", part.Size);
                    if (upload.Details.Checksum is { } checksum)
                    {
                        xml.Text("Checksum" + checksum.Algorithm, part.Checksum);
                    }
                });
            }
        });
    }
}
