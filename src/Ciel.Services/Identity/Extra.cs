using System.Text.Json;
using System.Text.Json.Nodes;
using Ciel.Core.Http;

namespace Ciel.Services.Identity;

/// <summary>Fields that Keystone does not know but keeps and shows: users' mail addresses, and whatever clients like to note.</summary>
internal static class Extra
{
    /// <summary>What nobody read of an input, over what was there before, as JSON text.</summary>
    public static string Of(Input input, string before = "{}")
    {
        foreach (var ours in (string[])["id", "links"])
        {
            input.Raw(ours);
        }

        var merged = JsonNode.Parse(before)!.AsObject();
        foreach (var name in input.Unread.ToArray())
        {
            merged[name] = input.Raw(name) is { ValueKind: not JsonValueKind.Null } value ? JsonNode.Parse(value.GetRawText()) : null;
        }

        return merged.ToJsonString();
    }

    /// <summary>Shows them beside the other fields.</summary>
    public static void Write(Utf8JsonWriter json, string extra)
    {
        if (extra == "{}")
        {
            return;
        }

        using var document = JsonDocument.Parse(extra);
        foreach (var field in document.RootElement.EnumerateObject())
        {
            field.WriteTo(json);
        }
    }

    /// <summary>A JSON object as it came, as text; the text before where it is missing.</summary>
    public static string Options(Input input, string before = "{}")
    {
        if (input.OptionalObject("options") is not { } options)
        {
            return before;
        }

        var merged = JsonNode.Parse(before)!.AsObject();
        foreach (var name in options.Names)
        {
            if (options.Raw(name) is { ValueKind: not JsonValueKind.Null } value)
            {
                merged[name] = JsonNode.Parse(value.GetRawText());
            }
            else
            {
                merged.Remove(name);
            }
        }

        return merged.ToJsonString();
    }

    /// <summary>Writes JSON text as a field.</summary>
    public static void WriteRaw(Utf8JsonWriter json, string name, string text)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(text);
    }
}
