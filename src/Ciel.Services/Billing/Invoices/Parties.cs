using System.Text.Json;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Who issues an invoice and to whom, kept with it as they were then.</summary>
internal static class Parties
{
    private const string Centre = "cost_centre";

    /// <summary>The cost centre that the account has as a whole; null where nobody said.</summary>
    public static string? CostCentre(Account account)
    {
        using var details = JsonDocument.Parse(account.Details);
        return details.RootElement.TryGetProperty(Centre, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>Where the customer books an invoice (BT-19): the account's own cost centre, or the one that all projects of the period have.</summary>
    public static string? CostCentre(Account account, IReadOnlyList<Membership> stays, Period period)
    {
        var centres = stays.Where(s => !s.When.Meet(period).IsEmpty).Select(s => s.CostCentre).Distinct().ToList();
        return CostCentre(account) ?? (centres is [var only] ? only : null);
    }

    /// <summary>As they are kept.</summary>
    public static string Json(Entity entity, Account account, string? costCentre)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Party(json, "seller", entity.Name, entity.Country, entity.TaxNumber, entity.Details, null);
            Party(json, "buyer", account.Name, account.Country, account.TaxNumber, account.Details, costCentre);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Party(Utf8JsonWriter json, string role, string name, string country, string? taxNumber, string details, string? costCentre)
    {
        json.WriteStartObject(role);
        json.WriteString("name", name);
        json.WriteString("country", country);
        json.WriteString("tax_number", taxNumber);
        var all = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(details)!;
        json.WriteStartObject("details");
        foreach (var (detail, value) in all.Where(d => costCentre is null || d.Key != Centre))
        {
            json.WritePropertyName(detail);
            value.WriteTo(json);
        }

        if (costCentre is not null)
        {
            json.WriteString(Centre, costCentre);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
