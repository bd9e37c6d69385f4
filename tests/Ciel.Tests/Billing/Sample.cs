using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Tests.Billing;

/// <summary>Short ways to say prices and usage in tests. Times are seconds.</summary>
internal static class Sample
{
    public const long Second = 1_000_000;
    public const long Hour = 3600;

    public static Product Machine { get; } = new() { Id = "machine", Name = "Machine", Meter = "server.running", Unit = SaleUnit.Parse("server-hour")! };

    public static Product Requests { get; } = new() { Id = "requests", Name = "Requests", Meter = "object.requests", Unit = SaleUnit.Parse("1000 requests")! };

    public static Price Price(string each, long from = 0, string? contract = null, string product = "machine") =>
        Steps(Tiering.Graduated, [(null, each)], from, contract, product);

    public static Price Steps(Tiering tiering, (long? UpTo, string Each)[] steps, long from = 0, string? contract = null, string product = "machine") => new()
    {
        Product = product,
        Currency = "EUR",
        Contract = contract,
        From = from * Second,
        Tiering = tiering,
        Steps = [.. steps.Select(s => new PriceStep(s.UpTo is { } top ? Fixed.Whole(top) : null, Fixed.Parse(s.Each)))],
    };

    public static PriceBook Book(params Price[] prices) => new() { Products = [Machine, Requests], Prices = prices };

    public static Period Span(long from, long to) => new(from * Second, to * Second);

    public static Usage Ran(long from, long to, string resource = "a", long quantity = 1, string project = "p") =>
        new("server.running", project, resource, quantity, "server", "{}", Span(from, to));

    public static Covering Nothing => new([], [], []);

    public static IReadOnlyList<Charge> Rate(
        PriceBook book, long to, IEnumerable<Usage> usage, Covering? covering = null, IReadOnlyList<Agreement>? contracts = null)
    {
        var rater = new Rater(new Tariff(book, Currency.Find("EUR")!, contracts ?? []), Span(0, to), covering ?? Nothing);
        foreach (var ran in usage)
        {
            rater.Add(ran);
        }

        return rater.Charges();
    }

    /// <summary>A line as <c>Usage 2 x 0.5 = 1</c>, with its source behind.</summary>
    public static string Line(Charge c) => $"{c.Kind} {c.Quantity} x {c.Each} = {c.Amount}{(c.Source is { } source ? $" {source}" : "")}";

    public static IEnumerable<string> Lines(this IEnumerable<Charge> charges) => charges.Select(Line);
}
