using System.Text.Json;

namespace Ciel.Services.Billing.Prices;

/// <summary>What is sold: a meter of the ledger, or a part of one, in a unit.</summary>
internal sealed record Product
{
    /// <summary>Its name in the book and on lines: lower-case letters, digits, dashes.</summary>
    public required string Id { get; init; }

    /// <summary>What a customer reads.</summary>
    public required string Name { get; init; }

    /// <summary>The ledger's meter.</summary>
    public required string Meter { get; init; }

    /// <summary>Which of the meter's spans it is: attribute by attribute a pattern with <c>*</c>; none for all.</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>();

    /// <summary>The attribute that is multiplied with the span's quantity; null for the quantity alone.</summary>
    public string? Attribute { get; init; }

    /// <summary>What one of the attribute is, such as <c>MiB</c>; null for the ledger's own unit.</summary>
    public string? AttributeUnit { get; init; }

    /// <summary>The unit of sale.</summary>
    public required SaleUnit Unit { get; init; }

    /// <summary>The class of tax.</summary>
    public string Tax { get; init; } = "standard";

    /// <summary>FOCUS' category of service, such as <c>Compute</c>.</summary>
    public string Service { get; init; } = "Other";

    /// <summary>How many units a span is, and which; null where it is not this product.</summary>
    /// <param name="meter">The span's meter.</param>
    /// <param name="quantity">Its quantity.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="attributes">Its attributes, JSON.</param>
    public (Int128 Quantity, string Unit)? Of(string meter, long quantity, string unit, string attributes)
    {
        if (meter != Meter)
        {
            return null;
        }

        if (Where.Count == 0 && Attribute is null)
        {
            return (quantity, unit);
        }

        using var json = JsonDocument.Parse(attributes);
        return Where.All(w => Text(json.RootElement, w.Key).Fits(w.Value)) is false ? null
            : Attribute is null ? (quantity, unit)
            : json.RootElement.TryGetProperty(Attribute, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? ((Int128)quantity * number, AttributeUnit ?? unit)
            : null;
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ToString() : "";
}
