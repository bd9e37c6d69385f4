using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Tests.Billing;

/// <summary>Issued invoices without a database, made by the same draft that issues them.</summary>
internal static class SamplePaper
{
    public const long Start = 1_767_225_600_000_000; // 2026-01-01T00:00:00Z
    private const long Month = 31L * 86_400_000_000;

    public static Entity Seller { get; } = new()
    {
        Id = "default",
        Name = "Wolke & Söhne GmbH",
        Country = "DE",
        TaxNumber = "DE123456789",
        Details = """{"street":"Hauptstr. 1","city":"Köln","postcode":"50667","email":"billing@wolke.example","phone":"+49 221 1","contact":"Accounts","iban":"DE89 3704 0044 0532 0130 00","bic":"COBADEFFXXX"}""",
        Prefix = "INV-",
    };

    public static Account Buyer { get; } = new()
    {
        Id = "acme",
        Name = "Acme <Works> SARL",
        Country = "FR",
        TaxNumber = "FR12345678901",
        Currency = "EUR",
        Details = """{"street":"1 rue de la Paix","city":"Paris","postcode":"75002","reference":"PO-7","order":"4711"}""",
    };

    public static TaxRate Rate(string category, string percent, string tax = "standard") => new() { Class = tax, Country = "*", Category = category, Percent = Fixed.Parse(percent), From = 0 };

    public static Charge Charge(ChargeKind kind, string quantity, string each, string amount, string tax = "standard", string? source = null) => new()
    {
        Kind = kind,
        Product = "vcpu",
        Ran = new(Start, Start + Month),
        Unit = "vCPU-hour",
        Quantity = Fixed.Parse(quantity),
        Each = Fixed.Parse(each),
        Amount = Fixed.Parse(amount),
        List = Fixed.Parse(amount),
        Source = source,
        Tax = tax,
        Parts = [],
    };

    public static Paper Of(IReadOnlyList<Charge> charges, IReadOnlyList<TaxRate> taxes, Account? buyer = null, Entity? seller = null, string kind = "invoice")
    {
        var account = buyer ?? Buyer;
        var draft = Draft.Of(account, new PriceBook { Taxes = taxes }, new Period(Start, Start + Month), charges, [], []);
        var invoice = new Invoice
        {
            Id = "i",
            Number = "INV-000001",
            EntityId = "default",
            AccountId = account.Id,
            Kind = kind,
            Currency = account.Currency,
            PeriodFrom = Start,
            PeriodTo = Start + Month,
            Net = draft.Net.ToString(),
            Tax = draft.Tax.ToString(),
            Total = draft.Total.ToString(),
            IssuedAt = Start + Month + 3_600_000_000,
            DueAt = Start + Month + (14L * 86_400_000_000),
            Parties = Parties.Json(seller ?? Seller, account, Parties.CostCentre(account)),
        };
        var corrects = kind == "credit-note" ? invoice with { Number = "INV-000000", Kind = "invoice" } : null;
        return new(invoice, [.. draft.Lines.Select((line, i) => InvoiceStore.Row("i", i + 1, line))], Zone.Utc, corrects);
    }
}
