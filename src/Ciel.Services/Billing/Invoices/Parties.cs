using System.Text.Json;
using Ciel.Services.Billing.Accounts;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Who issues an invoice and to whom, kept with it as they were then.</summary>
internal static class Parties
{
    public static string Json(Entity entity, Account account)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Party(json, "seller", entity.Name, entity.Country, entity.TaxNumber, entity.Details);
            Party(json, "buyer", account.Name, account.Country, account.TaxNumber, account.Details);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Party(Utf8JsonWriter json, string role, string name, string country, string? taxNumber, string details)
    {
        json.WriteStartObject(role);
        json.WriteString("name", name);
        json.WriteString("country", country);
        json.WriteString("tax_number", taxNumber);
        json.WritePropertyName("details");
        json.WriteRawValue(details);
        json.WriteEndObject();
    }
}
