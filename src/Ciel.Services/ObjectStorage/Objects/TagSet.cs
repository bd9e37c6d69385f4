using System.Globalization;
using System.Text;
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
    private const string Marks = "+-=._:/@";

    public static Dictionary<string, string> Parse(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;

    public static string Text(IReadOnlyDictionary<string, string> tags) => JsonSerializer.Serialize(tags);

    /// <summary>The tags of <c>x-amz-tagging</c>, a query string.</summary>
    public static Dictionary<string, string> ParseHeader(string text)
    {
        var pairs = text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => (Key: Percent.Decode(pair[0], plusIsSpace: true), Value: pair.Length > 1 ? Percent.Decode(pair[1], plusIsSpace: true) : "")).ToList();
        return Percent.IsEncoded(text) && pairs.All(p => p.Key.Length > 0) && pairs.DistinctBy(p => p.Key).Count() == pairs.Count
            ? Checked(pairs, MostOfObject)
            : throw Faults.InvalidArgument("x-amz-tagging", text, "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.");
    }

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

    public static Dictionary<string, string> ParseXml(XElement tagging, int most = MostOfObject) => ParseList(tagging.One("TagSet") ?? throw Faults.MalformedXml(), most);

    /// <summary>The <c>Tag</c>s of an element.</summary>
    public static Dictionary<string, string> ParseList(XElement tags, int most) => Checked(
        tags.All("Tag").Select(tag => (tag.Text("Key") ?? throw Faults.MalformedXml(), tag.Text("Value") ?? throw Faults.MalformedXml())),
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
            if (key.Length is 0 or > LongestKey || !IsPlain(key))
            {
                throw Invalid("The TagKey you have provided is invalid");
            }

            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw Invalid("System tags cannot be added/updated by requester");
            }

            if (value.Length > LongestValue || !IsPlain(value))
            {
                throw Invalid("The TagValue you have provided is invalid");
            }

            if (!tags.TryAdd(key, value))
            {
                throw Invalid("Cannot provide multiple Tags with the same key");
            }
        }

        return tags.Count <= most ? tags
            : most > MostOfObject ? throw new S3Fault(400, "BadRequest", $"Bucket tag count cannot be greater than {most}")
            : throw Invalid($"Object tags cannot be greater than {most}");
    }

    // Letters, digits and spaces of any script, and a few marks.
    private static bool IsPlain(string text) => text.EnumerateRunes().All(r =>
        Rune.IsLetterOrDigit(r) || Rune.GetUnicodeCategory(r) is UnicodeCategory.SpaceSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            || (r.IsBmp && Marks.Contains((char)r.Value)));

    private static S3Fault Invalid(string message) => new(400, "InvalidTag", message);
}
