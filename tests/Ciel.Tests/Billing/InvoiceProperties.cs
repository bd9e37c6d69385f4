using CsCheck;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Coupons;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Tests.Billing;

/// <summary>From charges to money, and proration, beside a second way of reckoning that shares no code: .NET's decimals, and days counted one by one. CIEL_CASES as elsewhere.</summary>
public sealed class InvoiceProperties
{
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("CIEL_CASES") ?? "5000", null);
    private static readonly (string Class, string Percent, string Category)[] Taxes = [("standard", "19", "S"), ("reduced", "7.7", "S"), ("none", "0", "E")];
    private static readonly DateOnly FirstDay = new(2023, 1, 1);
    private static readonly (long Months, long Years)[] Days = Counted();
    private static readonly Period Month = new(1_780_272_000_000_000, 1_782_864_000_000_000);

    private static readonly PriceBook Book = new()
    {
        Taxes = [.. Taxes.Select(t => new TaxRate { Class = t.Class, Country = "*", Percent = Services.Billing.Amounts.Fixed.Parse(t.Percent), Category = t.Category, From = 0 })],
    };

    private static readonly Gen<(int Product, int Tax, long Units)> AnyCharge = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Long[-20_000_000_000, 900_000_000_000]);

    // An amount in cents, or whole hundredths; of all products, or of those that begin with p1.
    private static readonly Gen<(int Cents, int Percent, bool All)> AnyCoupon = Gen.Select(Gen.Int[1, 9000], Gen.Int[0, 100], Gen.Bool);

    [Fact]
    public void An_invoice_is_its_lines_to_the_last_unit_and_a_second_reckoning_agrees() => Gen.Select(AnyCharge.Array[0, 8], AnyCoupon.Array[0, 3]).Sample(
        (charges, coupons) =>
        {
            var account = new Account { Id = "a", Name = "A", Currency = "EUR", Country = "DE" };
            var draft = Draft.Of(account, Book, Month, [.. charges.Select(Charge)], [], [.. coupons.Select((c, i) => Held(c, i))]);
            Money(draft.Total).ShouldBe(draft.Lines.Sum(l => Money(l.Amount)));
            Money(draft.Net + draft.Tax).ShouldBe(Money(draft.Total));
            draft.Lines.ShouldAllBe(l => decimal.Round(Money(l.Amount), 2) == Money(l.Amount));
            string.Join('\n', Summary(draft)).ShouldBe(string.Join('\n', Reckoned(charges, coupons)));
        },
        iter: Cases);

    [Fact]
    public void Proration_is_the_sum_of_its_days() => Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 800]).Sample(
        (first, length) =>
        {
            var (change, end) = (FirstDay.AddDays(first), FirstDay.AddDays(first + length));
            Same(Proration.Months(change, end), Days[first + length].Months - Days[first].Months, 28 * 29 * 30 * 31);
            Same(Proration.Years(change, end), Days[first + length].Years - Days[first].Years, 365 * 366);
        },
        iter: Cases);

    // All days up to each, in parts that every length of a month and of a year divides: 28 · 29 · 30 · 31, and 365 · 366.
    private static (long, long)[] Counted()
    {
        var (sums, months, years) = (new List<(long, long)>(), 0L, 0L);
        for (var day = FirstDay; sums.Count <= 4800; day = day.AddDays(1))
        {
            months += 28 * 29 * 30 * 31 / day.AddMonths(1).AddDays(-day.AddMonths(1).Day).Day;
            years += 365 * 366 / new DateOnly(day.Year, 12, 31).DayOfYear;
            sums.Add((months, years));
        }

        return [.. sums];
    }

    private static void Same(Fraction fraction, long numerator, long denominator) => (fraction.Numerator * denominator).ShouldBe(fraction.Denominator * numerator);

    private static Charge Charge((int Product, int Tax, long Units) c) => new()
    {
        Kind = ChargeKind.Usage,
        Product = $"p{c.Product}",
        Ran = Month,
        Unit = "hour",
        Quantity = Services.Billing.Amounts.Fixed.One,
        Each = Services.Billing.Amounts.Fixed.Of(c.Units),
        Amount = Services.Billing.Amounts.Fixed.Of(c.Units),
        Tax = Taxes[c.Tax].Class,
        Parts = [],
    };

    private static HeldCoupon Held((int Cents, int Percent, bool All) c, int index) => c.Percent > 0
        ? new($"h{index}", $"C{index}", null, Services.Billing.Amounts.Fixed.Whole(c.Percent), c.All ? "*" : "p1*")
        : new($"h{index}", $"C{index}", Services.Billing.Amounts.Fixed.Whole(c.Cents).Percent(Services.Billing.Amounts.Fixed.One), null, c.All ? "*" : "p1*");

    private static decimal Money(Services.Billing.Amounts.Fixed amount) => decimal.Parse(amount.ToString(), System.Globalization.CultureInfo.InvariantCulture);

    // What each line of usage comes to, each coupon in all, and the tax of each rate.
    private static IEnumerable<string> Summary(Draft draft) =>
    [
        .. draft.Lines.Where(l => l.Charge.Kind == ChargeKind.Usage).Select(l => Text("usage", Money(l.Amount))),
        .. draft.Lines.Where(l => l.Charge.Kind == ChargeKind.Coupon).GroupBy(l => l.Charge.Product).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Text(g.Key, g.Sum(l => Money(l.Amount)))),
        .. draft.Lines.Where(l => l.Charge.Kind == ChargeKind.Tax).OrderBy(l => l.Charge.Product, StringComparer.Ordinal).Select(l => Text(l.Charge.Product, Money(l.Amount))),
    ];

    private static List<string> Reckoned((int Product, int Tax, long Units)[] charges, (int Cents, int Percent, bool All)[] coupons)
    {
        var lines = charges.Select(c => (c.Product, c.Tax, Amount: decimal.Round(c.Units / 10_000_000_000m, 2, MidpointRounding.AwayFromZero))).ToList();
        var said = lines.ConvertAll(l => Text("usage", l.Amount));
        var off = new decimal[Taxes.Length];
        for (var i = 0; i < coupons.Length; i++)
        {
            var open = Enumerable.Range(0, Taxes.Length).Select(t => lines.Exists(l => l.Tax == t && Fits(l.Product, coupons[i].All))
                ? Math.Max(0, lines.Where(l => l.Tax == t && Fits(l.Product, coupons[i].All)).Sum(l => l.Amount) - off[t]) : 0).ToArray();
            var cut = coupons[i].Percent > 0 ? decimal.Round(open.Sum() * coupons[i].Percent / 100, 2, MidpointRounding.AwayFromZero) : Math.Min(coupons[i].Cents / 100m, open.Sum());
            Spread(off, open, cut, [.. lines.Where(l => Fits(l.Product, coupons[i].All)).Select(l => l.Tax).Distinct()]);
            if (cut > 0)
            {
                said.Add(Text($"C{i}", -cut));
            }
        }

        foreach (var t in (int[])[1, 0])
        {
            if (lines.Exists(l => l.Tax == t))
            {
                said.Add(Text("tax-" + Taxes[t].Class, decimal.Round((lines.Where(l => l.Tax == t).Sum(l => l.Amount) - off[t]) * decimal.Parse(Taxes[t].Percent, System.Globalization.CultureInfo.InvariantCulture) / 100, 2, MidpointRounding.AwayFromZero)));
            }
        }

        return said;
    }

    // In proportion, in the order in which the rates come on the invoice; whole cents, each cut where the running sum falls.
    private static void Spread(decimal[] off, decimal[] open, decimal cut, int[] order)
    {
        var (soFar, given, all) = (0m, 0m, open.Sum());
        foreach (var t in order.Where(_ => all > 0))
        {
            soFar += open[t];
            var upTo = decimal.Truncate(cut * 100 * soFar / all) / 100;
            off[t] += upTo - given;
            given = upTo;
        }
    }

    private static bool Fits(int product, bool all) => all || product == 1;

    private static string Text(string what, decimal amount) => $"{what} {amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)}";
}
