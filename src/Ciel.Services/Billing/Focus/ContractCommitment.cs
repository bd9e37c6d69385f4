using System.Globalization;
using System.Text.Json.Nodes;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Purchases;
using static Ciel.Services.Billing.Calendar.Micros;
using Column = Ciel.Services.Billing.Focus.FocusColumn<Ciel.Services.Billing.Focus.ContractCommitment>;

namespace Ciel.Services.Billing.Focus;

/// <summary>The dataset Contract Commitment, since 1.3: a record for each order that covers usage. An order is a contract of one commitment.</summary>
internal sealed record ContractCommitment
{
    private static readonly Column[] All =
    [
        Column.Text("BillingCurrency", r => r.Offer.Currency),
        Column.Text("ContractCommitmentApplicability", r => r.Applicability) with { Since = "1.4" },
        Column.Text("ContractCommitmentBenefitCategory", r => r.Discount is null ? "Other" : "Discount") with { Since = "1.4" },
        Column.Text("ContractCommitmentCategory", r => r.Spends ? "Spend" : "Usage"),
        Column.Number("ContractCommitmentCost", r => r.Cost.ToString()),
        Column.Time("ContractCommitmentCreated", r => r.Order.First.ChangedAt) with { Since = "1.4" },
        Column.Text("ContractCommitmentDescription", r => string.Create(CultureInfo.InvariantCulture, $"{r.Order.First.Quantity} of {r.Offer.Name}")),
        Column.Number("ContractCommitmentDiscountPercentage", r => r.Discount?.ToString()) with { Since = "1.4" },
        Column.Text("ContractCommitmentDurationType", r => r.Duration) with { Since = "1.4" },
        Column.Text("ContractCommitmentFulfillmentInterval", r => r.IsPackage ? "Full Period" : "Hourly") with { Since = "1.4" },
        Column.Text("ContractCommitmentId", r => r.Order.Id),
        Column.Time("ContractCommitmentLastUpdated", r => r.Updated) with { Since = "1.4" },
        Column.Text("ContractCommitmentLifecycleStatus", r => r.Status) with { Since = "1.4" },
        Column.Text("ContractCommitmentModel", r => r.IsPackage ? "Discontinuous" : "Continuous") with { Since = "1.4" },
        Column.Text("ContractCommitmentOfferCategory", _ => "Public") with { Since = "1.4" },
        Column.Text("ContractCommitmentPaymentInterval", r => r.IsPackage ? "One-Time" : "Monthly") with { Since = "1.4" },
        Column.Text("ContractCommitmentPaymentModel", r => r.IsPackage ? "All Upfront" : "No Upfront") with { Since = "1.4" },
        Column.Time("ContractCommitmentPeriodEnd", r => r.When.To),
        Column.Time("ContractCommitmentPeriodStart", r => r.When.From),
        Column.Number("ContractCommitmentQuantity", r => r.Quantity?.ToString()),
        Column.Text("ContractCommitmentType", r => r.Offer.Kind.ToString()),
        Column.Text("ContractCommitmentUnit", r => r.Quantity is null ? null : r.Covers.Unit(r.Offer)),
        Column.Text("ContractId", r => r.Order.Id),
        Column.Time("ContractPeriodEnd", r => r.When.To),
        Column.Time("ContractPeriodStart", r => r.When.From),
        Column.Text("InvoiceIssuerName", r => r.Issuer) with { Since = "1.4" },
        Column.Text("ServiceProviderName", r => r.Issuer) with { Since = "1.4" },
    ];

    /// <summary>What was ordered.</summary>
    public required Order Order { get; init; }

    /// <summary>The offer, as it was then.</summary>
    public required Offer Offer { get; init; }

    /// <summary>From when to when it is good.</summary>
    public required Period When { get; init; }

    /// <summary>When it would have ended by itself, µs UTC.</summary>
    public required long Term { get; init; }

    /// <summary>How much of a package was used.</summary>
    public required Fixed Used { get; init; }

    public required string Issuer { get; init; }

    public required PriceBook Book { get; init; }

    public required Covers Covers { get; init; }

    /// <summary>µs UTC.</summary>
    public required long Now { get; init; }

    private bool IsPackage => Offer.Kind == OfferKind.Package;

    private bool Spends => Offer.Kind == OfferKind.SavingsPlan;

    // Units of the offer over the whole term: packages, or hours of what is paid by the hour.
    private Fixed Bought => Fixed.Whole(Order.First.Quantity) is var count && IsPackage ? count
        : Fixed.Of(new Fraction(new System.Numerics.BigInteger(When.Length) * Order.First.Quantity, Hour));

    private Fixed Cost => Bought.Times(Offer.Price);

    private Fixed? Quantity => Spends ? null : Covers.Taken(Offer, true, Bought, Cost);

    private string Duration => Offer.Months % 12 == 0 ? Of(Offer.Months / 12, "Year") : Of(Offer.Months, "Month");

    private string Status => When.From > Now ? "Pending"
        : When.To <= Now ? When.To < Term ? "Canceled" : "Expired"
        : IsPackage && Used >= Quantity ? "Exhausted" : "Active";

    private long Updated => ((long[])[Order.Last.ChangedAt, When.From, When.To]).Where(t => t <= Now).Append(Order.First.ChangedAt).Max();

    // How much less than by the list, as a part of one; null where the list has no price to compare with.
    private Fixed? Discount
    {
        get
        {
            if (Spends)
            {
                return Fixed.One.Percent(Offer.Percent);
            }

            var list = Book.PricesIn(Offer.Product, Offer.Currency, null, new(When.From, When.From + 1)).Select(p => p.Price.Steps[0].Each).FirstOrDefault();
            return list > Fixed.Zero && Quantity is { } quantity && quantity > Fixed.Zero
                ? Fixed.Max(Fixed.Zero, Fixed.One - Fixed.Of(new Fraction((System.Numerics.BigInteger)Cost.Units * 10_000_000_000, (System.Numerics.BigInteger)quantity.Units * (System.Numerics.BigInteger)list.Units)))
                : null;
        }
    }

    private string Applicability => Offer.Product == "*" ? new JsonObject { ["IsGlobalScope"] = true }.ToJsonString() : new JsonObject
    {
        ["InclusionOperator"] = "And",
        ["Inclusions"] = new JsonArray(new JsonObject
        {
            ["Dimension"] = "SkuId",
            ["Operator"] = "In",
            ["Values"] = new JsonArray([.. Book.Products.Where(p => p.Id.Fits(Offer.Product)).Select(p => (JsonNode)p.Id)]),
        }),
    }.ToJsonString();

    /// <summary>A version's columns, in the order of their names.</summary>
    public static IReadOnlyList<Column> In(string version) => [.. All.Where(c => c.IsIn(version))];

    /// <summary>An account's commitments, in the order in which they were ordered.</summary>
    public static IEnumerable<ContractCommitment> Of(
        Account account, string issuer, PriceBook book, IReadOnlyList<Order> orders, IReadOnlyDictionary<string, Fixed> used, long now)
    {
        var covers = new Covers(account, book, orders, []);
        return orders.Select(order => (Order: order, Offer: covers.OfferOf(order.Id))).Where(o => o.Offer is not null).Select(o => new ContractCommitment
        {
            Order = o.Order,
            Offer = o.Offer!,
            When = o.Order.Valid(o.Offer!.Months, account.Place),
            Term = account.Place.Start(o.Order.First.On.AddMonths(o.Offer.Months)),
            Used = used.GetValueOrDefault(o.Order.Id),
            Issuer = issuer,
            Book = book,
            Covers = covers,
            Now = now,
        });
    }

    private static string Of(int count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}
