using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>
/// Whether a bucket's bytes are on the disk before a put is answered. <c>strict</c> is the default; the bucket's owner declares <c>relaxed</c> by
/// a tag, which every client can set. Then the system writes the bytes when it suits it: a power cut may lose what was answered in the half
/// minute before, and such an object answers with an error, never with other bytes. Rows are durable in both.
/// </summary>
internal static class Durability
{
    public const string Tag = "ciel:durability";

    /// <summary>How many tags a bucket may have.</summary>
    public const int MostTags = 50;

    private const string Relaxed = "relaxed";
    private const string Strict = "strict";

    public static bool IsRelaxed(BucketRow bucket) => bucket[SettingKinds.Tagging] is { } text && text.Contains(Tag, StringComparison.Ordinal)
        && XmlInput.Parse(text).Descendants().Any(e => e.Name.LocalName == "Tag" && e.Text("Key") == Tag && e.Text("Value") == Relaxed);

    /// <summary>Refuses a word that is none: who mistypes it must not believe in what is not so.</summary>
    public static void Check(XElement tagging)
    {
        if (TagSet.ParseXml(tagging, MostTags).GetValueOrDefault(Tag, Strict) is not (Strict or Relaxed))
        {
            throw new S3Fault(400, "InvalidTag", $"The tag {Tag} is {Strict} or {Relaxed}.");
        }
    }
}
