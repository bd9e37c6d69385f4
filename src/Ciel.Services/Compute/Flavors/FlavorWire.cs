using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Flavors in JSON.</summary>
internal static partial class FlavorWire
{
    public static void WriteBrief(Utf8JsonWriter json, Flavor flavor, Call call)
    {
        json.WriteStartObject();
        json.WriteString("id", flavor.Id);
        json.WriteString("name", flavor.Name);
        Links.Write(json, call, "flavors", flavor.Id);
        if (call.Version >= 55)
        {
            json.WriteString("description", flavor.Description);
        }

        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, Flavor flavor, Call call)
    {
        json.WriteStartObject();
        json.WriteString("id", flavor.Id);
        json.WriteString("name", flavor.Name);
        json.WriteNumber("ram", flavor.MemoryMib);
        json.WriteNumber("disk", flavor.DiskGib);
        if (flavor.SwapMib > 0 || call.Version >= 75)
        {
            json.WriteNumber("swap", flavor.SwapMib);
        }
        else
        {
            json.WriteString("swap", "");
        }

        json.WriteNumber("OS-FLV-EXT-DATA:ephemeral", flavor.EphemeralGib);
        json.WriteBoolean("OS-FLV-DISABLED:disabled", flavor.Disabled);
        json.WriteNumber("vcpus", flavor.Vcpus);
        json.WriteBoolean("os-flavor-access:is_public", flavor.IsPublic);
        json.WritePropertyName("rxtx_factor");
        json.WriteRawValue(flavor.Rxtx.ToString("0.0##", CultureInfo.InvariantCulture));
        Links.Write(json, call, "flavors", flavor.Id);
        if (call.Version >= 55)
        {
            json.WriteString("description", flavor.Description);
        }

        if (call.Version >= 61)
        {
            ComputeJson.Write(json, "extra_specs", flavor.Specs);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads the body of a create.</summary>
    public static Flavor Read(Input body, Call call, Ids ids, long now)
    {
        var input = body.Object("flavor");
        body.Done();
        var name = input.String("name", pattern: Name());
        var flavor = new Flavor
        {
            Name = name,
            Id = Identifier(input) ?? ids.Uuid(),
            MemoryMib = (int)input.Integer("ram", 1),
            Vcpus = (int)input.Integer("vcpus", 1),
            DiskGib = (int)input.Integer("disk"),
            EphemeralGib = (int)(input.OptionalInteger("OS-FLV-EXT-DATA:ephemeral") ?? 0),
            SwapMib = (int)(input.OptionalInteger("swap") ?? 0),
            RxtxFactor = Rxtx(input),
            IsPublic = input.OptionalBoolean("os-flavor-access:is_public") ?? true,
            Description = call.Version >= 55 ? Description(input) : null,
            CreatedAt = now,
        };
        input.Done();
        return flavor;
    }

    /// <summary>Free text.</summary>
    public static string? Description(Input input) => input.OptionalString("description", 0, 65535);

    private static string? Identifier(Input input)
    {
        var raw = input.Raw("id");
        var text = raw?.ValueKind switch
        {
            null or JsonValueKind.Null => null,
            JsonValueKind.Number => raw.Value.GetRawText(),
            _ => input.OptionalString("id", 1),
        };
        return text is null or "auto" || IdText().IsMatch(text)
            ? (text == "auto" ? null : text)
            : throw Fault.BadRequest($"Invalid input for field/attribute id. Value: {text}. '{text}' does not match '^(?! )[a-zA-Z0-9. _-]+(?<! )$'");
    }

    private static string Rxtx(Input input)
    {
        var raw = input.Raw("rxtx_factor");
        var text = raw?.ValueKind switch
        {
            null or JsonValueKind.Null => "1",
            JsonValueKind.Number => raw.Value.GetRawText(),
            JsonValueKind.String => raw.Value.GetString()!,
            _ => "no",
        };
        return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e30
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : throw input.Refuse("rxtx_factor", text, $"'{text}' does not match '^[0-9]+(\\.[0-9]+)?$'");
    }

    // Printable, and without blanks at its ends (Nova's parameter_types.name).
    [GeneratedRegex(@"\A(?!\s)[^\p{Cc}\p{Cs}\p{Cn}]*(?<!\s)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(?! )[a-zA-Z0-9. _-]+(?<! )\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdText();
}
