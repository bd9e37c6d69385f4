using System.Globalization;
using System.Text;
using System.Xml;

namespace Ciel.Services.ObjectStorage.Xml;

/// <summary>Writes S3's XML.</summary>
internal static class XmlOutput
{
    public const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
    public const string Schema = "http://www.w3.org/2001/XMLSchema-instance";

    // Keys may hold characters that XML 1.0 cannot; they leave as references, as S3 writes them.
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), CheckCharacters = false, NewLineHandling = NewLineHandling.Entitize };

    public static byte[] Write(string root, Action<XmlWriter> content, string? space = Namespace)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, Settings))
        {
            xml.WriteStartElement(root, space);
            content(xml);
            xml.WriteEndElement();
        }

        return stream.ToArray();
    }

    /// <summary>An element with text; nothing where the text is null.</summary>
    public static void Text(this XmlWriter xml, string name, string? text)
    {
        if (text is not null)
        {
            xml.WriteElementString(name, Namespace, text);
        }
    }

    public static void Number(this XmlWriter xml, string name, long number) => xml.WriteElementString(name, Namespace, number.ToString(CultureInfo.InvariantCulture));

    public static void Truth(this XmlWriter xml, string name, bool value) => xml.WriteElementString(name, Namespace, value ? "true" : "false");

    /// <summary>An instant from µs UTC.</summary>
    public static void Instant(this XmlWriter xml, string name, long micros) => xml.WriteElementString(name, Namespace, Instants.Iso(micros));

    public static void Element(this XmlWriter xml, string name, Action content)
    {
        xml.WriteStartElement(name, Namespace);
        content();
        xml.WriteEndElement();
    }

    /// <summary>An owner or initiator.</summary>
    public static void Account(this XmlWriter xml, string element, string id, string name) => xml.Element(element, () =>
    {
        xml.Text("ID", id);
        xml.Text("DisplayName", name);
    });
}
