using System.Xml;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Xml;

/// <summary>Reads the XML of requests, without DTDs and within limits. Namespaces are not looked at, as S3 does not.</summary>
internal static class XmlInput
{
    private const int Most = 2 * 1024 * 1024;
    private const int Deepest = 16;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = Most, CheckCharacters = false };

    /// <summary>The root of the body, which has that name.</summary>
    /// <exception cref="S3Fault">400 for what is no such XML.</exception>
    public static async Task<XElement> Read(S3Call call, params string[] names) => Parse(await WholeBody.Read(call, Most), names);

    /// <summary>As <see cref="Read"/>, where the checksum headers speak of an object.</summary>
    public static async Task<XElement> ReadWithoutChecksum(S3Call call, string name) => Parse(await WholeBody.Read(call, Most, Expected.WithoutChecksum(call)), name);

    public static XElement Parse(byte[] bytes, params string[] names)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), Settings);
            var root = XDocument.Load(reader).Root!;
            root.DescendantNodes().Where(n => n is XComment or XProcessingInstruction).Remove();
            return names.Contains(root.Name.LocalName) && root.Descendants().All(e => e.Ancestors().Take(Deepest + 1).Count() <= Deepest) && IsText(root) ? root : throw Faults.MalformedXml();
        }
        catch (XmlException)
        {
            throw Faults.MalformedXml();
        }
    }

    // Keys that are to go may hold what XML 1.0 cannot, but no half characters; all else is stored as XML and must be good.
    private static bool IsText(XElement root)
    {
        var texts = root.DescendantNodes().OfType<XText>().Select(t => t.Value).Concat(root.DescendantsAndSelf().Attributes().Select(a => a.Value));
        return root.Name.LocalName == "Delete"
            ? texts.All(t => !t.Contains('\0', StringComparison.Ordinal) && IsWhole(t))
            : texts.All(t => IsWhole(t) && t.All(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));
    }

    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    public static XElement Parse(string text) => XElement.Parse(text, LoadOptions.PreserveWhitespace);

    public static IEnumerable<XElement> All(this XElement parent, string name) => parent.Elements().Where(e => e.Name.LocalName == name);

    public static XElement? One(this XElement parent, string name) => parent.All(name).FirstOrDefault();

    /// <summary>The text of a child; null where there is none.</summary>
    public static string? Text(this XElement parent, string name) => parent.One(name)?.Value;
}
