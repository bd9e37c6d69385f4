using System.Text.Json;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>Tags of objects and buckets ("Categorizing your storage using tags").</summary>
internal static class TagSet
{
    private const int MostOfObject = 10;
    private const int LongestKey = 128;
    private const int LongestValue = 256;

    public static Dictionary<string, string> Parse(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;

    public static string Text(IReadOnlyDictionary<string, string> tags) => JsonSerializer.Serialize(tags);

    /// <summary>The tags of <c>x-amz-tagging</c>, a query string.</summary>
    public static Dictionary<string, string> ParseHeader(string text) => Checked(
        text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => (Percent.Decode(pair[0], plusIsSpace: true), pair.Length > 1 ? Percent.Decode(pair[1], plusIsSpace: true) : "")),
        MostOfObject);

    /// <summary>As <c>x-amz-tagging</c>.</summary>
    public static string Header(IReadOnlyDictionary<string, string> tags) => string.Join('&', tags.Select(t => $"{Percent.Encode(t.Key)}={Percent.Encode(t.Value)}"));

    /// <summary>Refuses who may write but not tag: policies decide by tags who may read.</summary>
    public static void Require(S3Call call, IReadOnlyDictionary<string, string> tags, string ownerId)
    {
        if (tags.Count > 0)
        {
            Access.Authorizer.Give(call, "s3:PutObjectTagging", ownerId);
        }
    }

    public static Dictionary<string, string> ParseXml(XElement tagging, int most = MostOfObject) => Checked(
        (tagging.One("TagSet") ?? throw Faults.MalformedXml()).All("Tag").Select(tag => (tag.Text("Key") ?? throw Faults.MalformedXml(), tag.Text("Value") ?? throw Faults.MalformedXml())),
        most);

    public static byte[] Xml(IReadOnlyDictionary<string, string> tags) => XmlOutput.Write("Tagging", xml => xml.Element("TagSet", () =>
    {
        foreach (var (key, value) in tags.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            xml.Element("Tag", () =>
            {
                xml.Text("Key", key);
                xml.Text("Value", value);
            });
        }
    }));

    private static Dictionary<string, string> Checked(IEnumerable<(string Key, string Value)> pairs, int most)
    {
        var tags = new Dictionary<string, string>();
        foreach (var (key, value) in pairs)
        {
            if (key.Length is 0 or > LongestKey || value.Length > LongestValue || !tags.TryAdd(key, value))
            {
                throw new S3Fault(400, "InvalidTag", "The tag provided was not a valid tag: keys are 1 to 128 characters, values up to 256, and no key comes twice.");
            }
        }

        return tags.Count <= most ? tags : throw new S3Fault(400, "InvalidTag", $"Object tags cannot be greater than {most}");
    }
}
