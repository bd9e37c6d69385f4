using System.Globalization;
using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Door;

/// <summary>The door of bills: Ciel's own API under /billing, because no API for invoices is everywhere. Errors look as Keystone's do.</summary>
internal static class BillingDoor
{
    public static readonly ServiceDoor Door = new("billing", "/billing", FaultBodies.Keystone)
    {
        MaxBody = BookFile.Longest,
        OpenToSuspended = true,
        InputWords = (path, _, problem) => $"The field '{path}': {problem}.",
    };

    private const long Page = 1000;

    /// <summary>An exact number as JSON, such as <c>0.46</c>.</summary>
    public static void WriteExact(this Utf8JsonWriter json, string name, string number)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(number);
    }

    /// <summary>An exact number.</summary>
    public static void WriteExact(this Utf8JsonWriter json, string name, Fixed number) => json.WriteExact(name, number.ToString());

    /// <summary>An exact number that a client sent, as a JSON number or as text; null where it is left out.</summary>
    public static Fixed? OptionalExact(this Input input, string name)
    {
        var text = input.Raw(name) switch
        {
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.String } word => word.GetString()!,
            null or { ValueKind: JsonValueKind.Null } => null,
            _ => "",
        };
        return text is null ? null
            : Fixed.TryParse(text, out var value) ? value
            : throw input.Refuse(name, text, "write a number with at most ten decimals, such as 12.50");
    }

    /// <summary>An exact number that must be there.</summary>
    public static Fixed Exact(this Input input, string name) => input.OptionalExact(name) ?? throw input.Refuse(name, "", "it is missing");

    /// <summary>An instant that a client sent, µs UTC; null where it is left out.</summary>
    public static long? OptionalInstant(this Input input, string name) => input.OptionalString(name) is not { } text ? null
        : Instant.Parse(text) ?? throw input.Refuse(name, text, "write an instant such as 2026-01-31T00:00:00Z");

    /// <summary>How many things of a list a call wants at most, by its query's <c>limit</c>: a thousand, or fewer.</summary>
    public static long Most(this Call call) => call.Query("limit") is not { } text ? Page
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? Math.Min(limit, Page)
        : throw Fault.BadRequest($"limit must be a number above 0, not '{text}'.");

    /// <summary>An instant of the query, µs UTC, also with a space for the T; null where it is left out.</summary>
    public static long? QueryInstant(this Call call, string name) => call.Query(name) is not { } text ? null
        : Instant.Parse(text.Replace(' ', 'T')) ?? throw Fault.BadRequest($"{name}={text}: write a day or an instant such as 2026-01-31T00:00:00Z.");
}
