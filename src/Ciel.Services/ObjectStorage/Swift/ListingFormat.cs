using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>A line of a listing: a name and, for the longer formats, its fields. A <c>subdir</c> stands for all names that begin with it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Element">The element of XML.</param>
/// <param name="Fields">In their order; numbers stay numbers in JSON.</param>
internal sealed record ListedLine(string Name, string Element, IReadOnlyList<(string Name, object Value)> Fields)
{
    public const string Subdir = "subdir";

    public static ListedLine Common(string prefix) => new(prefix, Subdir, []);
}

/// <summary>The three formats of listings.</summary>
internal static class ListingFormat
{
    public static Task Answer(SwiftCall call, string root, string name, IReadOnlyList<ListedLine> lines)
    {
        var format = call.Query("format") ?? (call.Header("Accept") ?? "") switch
        {
            var accept when accept.Contains("application/json", StringComparison.Ordinal) => "json",
            var accept when accept.Contains("/xml", StringComparison.Ordinal) => "xml",
            _ => "plain",
        };
        return format switch
        {
            "json" => call.Text(200, Json(lines), "application/json; charset=utf-8"),
            "xml" => call.Text(200, Xml(root, name, lines), "application/xml; charset=utf-8"),
            _ when lines.Count == 0 => Nothing(call),
            _ => call.Text(200, Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l.Name + "\n"))), "text/plain; charset=utf-8"),
        };
    }

    private static Task Nothing(SwiftCall call)
    {
        call.Http.Response.ContentType = "text/plain; charset=utf-8";
        return call.Empty(204);
    }

    private static byte[] Json(IReadOnlyList<ListedLine> lines)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var line in lines)
            {
                json.WriteStartObject();
                json.WriteString(line.Element == ListedLine.Subdir ? "subdir" : "name", line.Name);
                foreach (var (field, value) in line.Fields)
                {
                    json.WritePropertyName(field);
                    JsonSerializer.Serialize(json, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return stream.ToArray();
    }

    private static byte[] Xml(string root, string name, IReadOnlyList<ListedLine> lines)
    {
        var body = new XElement(root, new XAttribute("name", name), lines.Select(line => new XElement(
            line.Element,
            line.Element == ListedLine.Subdir ? new XAttribute("name", line.Name) : null,
            new XElement("name", line.Name),
            line.Fields.Select(f => new XElement(f.Name, f.Value)))));
        // Keys may hold what XML 1.0 cannot; it leaves as references.
        using var stream = new MemoryStream();
        using (var xml = System.Xml.XmlWriter.Create(stream, new System.Xml.XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = false }))
        {
            body.Save(xml);
        }

        return stream.ToArray();
    }
}
