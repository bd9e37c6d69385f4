using System.Text.Json;
using System.Text.Unicode;

namespace Ciel.Core.Http;

/// <summary>Refuses what the JSON grammar lets pass but no string can hold: broken UTF-8 and escaped halves of surrogate pairs; and NUL, which no database keeps.</summary>
internal static class JsonText
{
    /// <summary>Looks at text before it is parsed.</summary>
    /// <exception cref="JsonException">A string cannot be read.</exception>
    public static void Check(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new JsonException("not UTF-8");
        }

        if (json.IndexOf("\\u"u8) >= 0)
        {
            CheckEscapes(json);
        }
    }

    private static void CheckEscapes(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    RefuseNul(reader.GetString()!);
                }
            }
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("half a surrogate pair", e);
        }
    }

    private static void RefuseNul(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new JsonException("a NUL character");
        }
    }
}
