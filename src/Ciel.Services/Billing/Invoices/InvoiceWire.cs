using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Door;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Invoices and previews in JSON. Amounts are exact decimal numbers.</summary>
internal static class InvoiceWire
{
    /// <summary>A preview.</summary>
    public static void Write(Utf8JsonWriter json, Draft draft)
    {
        json.WriteStartObject();
        json.WriteString("account", draft.Account.Id);
        json.WriteString("currency", draft.Account.Currency);
        json.WriteString("from", Instant.Text(draft.Period.From));
        json.WriteString("to", Instant.Text(draft.Period.To));
        Lines(json, draft.Account.Money, draft.Lines.Select((line, i) => InvoiceStore.Row("", i + 1, line)));
        json.WriteExact("net", draft.Account.Money.Text(draft.Net));
        json.WriteExact("tax", draft.Account.Money.Text(draft.Tax));
        json.WriteExact("total", draft.Account.Money.Text(draft.Total));
        json.WriteStrings("unpriced", draft.Unpriced);
        json.WriteEndObject();
    }

    /// <summary>An invoice in a list.</summary>
    public static void Write(Utf8JsonWriter json, Invoice invoice)
    {
        json.WriteStartObject();
        Head(json, invoice);
        json.WriteEndObject();
    }

    /// <summary>An invoice with its lines.</summary>
    public static void Write(Utf8JsonWriter json, Invoice invoice, IEnumerable<InvoiceLine> lines, IEnumerable<string> howToPay)
    {
        json.WriteStartObject();
        Head(json, invoice);
        Lines(json, Currency.Find(invoice.Currency)!, lines);
        json.WritePropertyName("parties");
        json.WriteRawValue(invoice.Parties);
        json.WriteStrings("how_to_pay", howToPay);
        json.WriteEndObject();
    }

    private static void Head(Utf8JsonWriter json, Invoice invoice)
    {
        var money = Currency.Find(invoice.Currency)!;
        json.WriteString("number", invoice.Number);
        json.WriteString("kind", invoice.Kind);
        json.WriteString("corrects", invoice.Corrects);
        json.WriteString("account", invoice.AccountId);
        json.WriteString("entity", invoice.EntityId);
        json.WriteString("currency", invoice.Currency);
        json.WriteString("from", Instant.Text(invoice.PeriodFrom));
        json.WriteString("to", Instant.Text(invoice.PeriodTo));
        json.WriteString("issued", Instant.Text(invoice.IssuedAt));
        json.WriteString("due", Instant.Text(invoice.DueAt));
        json.WriteExact("net", money.Text(Fixed.Parse(invoice.Net)));
        json.WriteExact("tax", money.Text(Fixed.Parse(invoice.Tax)));
        json.WriteExact("total", money.Text(Fixed.Parse(invoice.Total)));
        json.WriteExact("prepaid", money.Text(Fixed.Parse(invoice.Prepaid)));
        json.WriteExact("payable", money.Text(Fixed.Parse(invoice.Total) - Fixed.Parse(invoice.Prepaid)));
    }

    private static void Lines(Utf8JsonWriter json, Currency money, IEnumerable<InvoiceLine> lines)
    {
        json.WriteStartArray("lines");
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteNumber("line", line.Line);
            json.WriteString("kind", line.Kind);
            json.WriteString("product", line.Product);
            json.WriteString("name", line.Name);
            json.WriteString("from", Instant.Text(line.FromAt));
            json.WriteString("to", Instant.Text(line.ToAt));
            json.WriteExact("quantity", line.Quantity);
            json.WriteString("unit", line.Unit);
            json.WriteExact("price", line.Each);
            json.WriteExact("rated", line.Rated);
            json.WriteExact("amount", money.Text(Fixed.Parse(line.Amount)));
            json.WriteString("source", line.Source);
            json.WriteString("tax_category", line.TaxCategory);
            json.WriteExact("tax_percent", line.TaxPercent ?? "null");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
