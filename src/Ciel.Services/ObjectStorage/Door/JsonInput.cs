using System.Text.Json;

namespace Ciel.Services.ObjectStorage.Door;

/// <summary>Reads JSON that users wrote.</summary>
internal static class JsonInput
{
    /// <summary>The document, whose texts can all be read: half a surrogate pair is found only by who reads it.</summary>
    /// <exception cref="JsonException">It is none, is too deep, or holds a text that is none.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, int deepest)
    {
        var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = deepest });
        try
        {
            Read(document.RootElement);
            return document;
        }
        catch (InvalidOperationException e)
        {
            document.Dispose();
            throw new JsonException("A text is not Unicode.", e);
        }
    }

    private static void Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    Read(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Read(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }
}
