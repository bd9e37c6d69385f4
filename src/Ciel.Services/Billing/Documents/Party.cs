using System.Text.Json;

namespace Ciel.Services.Billing.Documents;

/// <summary>One side of an invoice, as it was when the invoice was issued.</summary>
/// <param name="Name">The legal name.</param>
/// <param name="Country">ISO 3166-1 alpha-2; empty where nobody said.</param>
/// <param name="TaxNumber">A VAT number, or where it does not begin with a country a national tax number; null for none.</param>
/// <param name="Details">Address and bank account, by the names that the API has for them.</param>
internal sealed record Party(string Name, string Country, string? TaxNumber, IReadOnlyDictionary<string, string> Details)
{
    /// <summary>A detail; null where nobody said.</summary>
    public string? this[string name] => Details.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The VAT number; null where the tax number is none (it begins with its country, BR-CO-09).</summary>
    public string? Vat => TaxNumber is { Length: > 2 } number && char.IsAsciiLetterUpper(number[0]) && char.IsAsciiLetterUpper(number[1]) ? number : null;

    /// <summary>The lines of the address, as they are written on a letter.</summary>
    public IEnumerable<string> Address =>
        ((string?[])[Name, this["contact"], this["street"], $"{this["postcode"]} {this["city"]}".Trim(), this["region"], Country]).OfType<string>().Where(l => l.Length > 0);

    /// <summary>Reads both sides.</summary>
    /// <param name="json">What the invoice keeps of its parties.</param>
    public static (Party Seller, Party Buyer) Both(string json)
    {
        using var parties = JsonDocument.Parse(json);
        return (Read(parties.RootElement.GetProperty("seller")), Read(parties.RootElement.GetProperty("buyer")));
    }

    private static Party Read(JsonElement party) => new(
        party.GetProperty("name").GetString()!,
        party.GetProperty("country").GetString() ?? "",
        party.GetProperty("tax_number").GetString(),
        party.GetProperty("details").EnumerateObject().ToDictionary(d => d.Name, d => d.Value.ToString()));
}
