using System.Globalization;
using System.Xml;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>GetObjectAttributes.</summary>
internal sealed class AttributesApi(ObjectLookup lookup, Encryptions encryptions) : IObjectApi
{
    private const int Most = 1000;
    private static readonly string[] Known = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

    public IEnumerable<Operation> Operations => [new Operation("GetObjectAttributes", "GET", Scope.Object, Get) { Marker = "attributes" }];

    private async Task Get(S3Call call)
    {
        var row = await lookup.Find(call, "s3:GetObjectAttributes", "READ");
        _ = await encryptions.ForRead(call, row.Details.Encryption);
        var wanted = (call.Header("x-amz-object-attributes") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0)
        {
            throw Faults.InvalidRequest("The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty");
        }

        if (wanted.Any(w => !Known.Contains(w)))
        {
            throw Faults.InvalidArgument("x-amz-object-attributes", string.Join(',', wanted), "Invalid attribute name specified.");
        }

        call.Answer("Last-Modified", Instants.Http(row.CreatedAt));
        call.Answer("x-amz-version-id", call.Bucket.EverVersioned ? row.VersionId : null);
        var (marker, most) = (HeaderNumber(call, "x-amz-part-number-marker", 0), Math.Min(HeaderNumber(call, "x-amz-max-parts", Most), Most));
        await call.Xml("GetObjectAttributesResponse", xml =>
        {
            var details = row.Details;
            xml.Text("ETag", wanted.Contains("ETag") ? row.Etag : null);
            if (wanted.Contains("Checksum") && details.Checksum is { } checksum)
            {
                xml.Element("Checksum", () =>
                {
                    xml.Text("Checksum" + checksum.Algorithm, checksum.Value);
                    xml.Text("ChecksumType", checksum.Type);
                });
            }

            if (wanted.Contains("ObjectParts") && details.Parts is { } parts)
            {
                Parts(xml, parts, details.Checksum, marker, most);
            }

            xml.Text("StorageClass", wanted.Contains("StorageClass") ? details.StorageClass : null);
            xml.Text("ObjectSize", wanted.Contains("ObjectSize") ? row.Size.ToString(CultureInfo.InvariantCulture) : null);
        });
    }

    private static void Parts(XmlWriter xml, List<PartInfo> parts, ObjectChecksum? checksum, int marker, int most) => xml.Element("ObjectParts", () =>
    {
        var rest = parts.Where(p => p.Number > marker).ToList();
        var shown = rest.Take(most).ToList();
        xml.Number("PartsCount", parts.Count);
        xml.Number("PartNumberMarker", marker);
        xml.Number("NextPartNumberMarker", shown.Count > 0 ? shown[^1].Number : 0);
        xml.Number("MaxParts", most);
        xml.Truth("IsTruncated", rest.Count > shown.Count);
        foreach (var part in shown)
        {
            xml.Element("Part", () =>
            {
                xml.Number("PartNumber", part.Number);
                xml.Number("Size", part.Size);
                xml.Text("Checksum" + checksum?.Algorithm, part.Checksum);
            });
        }
    });

    private static int HeaderNumber(S3Call call, string header, int otherwise) => call.Header(header) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Faults.InvalidArgument(header, text, "It is not a number.");
}
