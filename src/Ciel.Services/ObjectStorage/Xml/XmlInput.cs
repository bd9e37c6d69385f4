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
            return names.Contains(root.Name.LocalName) && root.Descendants().All(e => e.Ancestors().Take(Deepest + 1).Count() <= Deepest) ? root : throw Faults.MalformedXml();
        }
        catch (XmlException)
        {
            throw Faults.MalformedXml();
        }
    }

    public static XElement Parse(string text) => XElement.Parse(text, LoadOptions.PreserveWhitespace);

    public static IEnumerable<XElement> All(this XElement parent, string name) => parent.Elements().Where(e => e.Name.LocalName == name);

    public static XElement? One(this XElement parent, string name) => parent.All(name).FirstOrDefault();

    /// <summary>The text of a child; null where there is none.</summary>
    public static string? Text(this XElement parent, string name) => parent.One(name)?.Value;
}
