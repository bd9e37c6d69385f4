using System.Text.Json;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Door;

namespace Ciel.Services.Billing.Accounts;

/// <summary>Accounts in JSON.</summary>
internal static class AccountWire
{
    public static void Write(Utf8JsonWriter json, AccountView view)
    {
        var account = view.Account;
        json.WriteStartObject();
        json.WriteString("id", account.Id);
        json.WriteString("name", account.Name);
        json.WriteString("parent", account.ParentId);
        json.WriteString("entity", account.EntityId);
        json.WriteString("currency", account.Currency);
        json.WriteString("zone", account.Zone);
        json.WriteString("country", account.Country);
        json.WriteString("tax_number", account.TaxNumber);
        json.WritePropertyName("details");
        json.WriteRawValue(account.Details);
        json.WriteNumber("terms_days", account.TermsDays);
        json.WriteBoolean("sandbox", account.IsSandbox);
        json.WriteString("clock", account.ClockAt is { } clock ? Instant.Text(clock) : null);
        json.WriteString("state", account.State);
        json.WriteString("invoiced_until", Instant.Text(account.ClosedUntil));
        json.WriteExact("balance", account.Money.Text(view.Balance));
        json.WriteBoolean("prepaid", account.Prepaid);
        if (account.Prepaid)
        {
            json.WriteExact("drawn", account.Money.Text(view.Drawn));
            json.WriteExact("left", account.Money.Text(view.Balance - view.Drawn));
            json.WriteString("low_balance", account.LowBalance);
        }

        if (account.ReleaseAfterDays is { } days)
        {
            json.WriteNumber("release_after_days", days);
            json.WriteString("released_at", account.ReleaseAt is { } at ? Instant.Text(at) : null);
        }

        Belonging(json, view);
        json.WriteEndObject();
    }

    private static void Belonging(Utf8JsonWriter json, AccountView view)
    {
        json.WriteStartArray("projects");
        foreach (var stay in view.Stays)
        {
            json.WriteStartObject();
            json.WriteString("project", stay.ProjectId);
            json.WriteString("account", stay.AccountId);
            json.WriteString("cost_centre", stay.CostCentre);
            Ends(json, stay.FromAt, stay.ToAt);
        }

        json.WriteEndArray();
        json.WriteStartArray("contracts");
        foreach (var term in view.Contracts)
        {
            json.WriteStartObject();
            json.WriteString("contract", term.Contract);
            json.WriteString("project", term.Agreement.Project);
            Ends(json, term.FromAt, term.ToAt);
        }

        json.WriteEndArray();
    }

    private static void Ends(Utf8JsonWriter json, long from, long? to)
    {
        json.WriteString("from", Instant.Text(from));
        json.WriteString("to", to is { } end ? Instant.Text(end) : null);
        json.WriteEndObject();
    }
}
