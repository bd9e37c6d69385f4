using CsCheck;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;
using static Ciel.Tests.Billing.Sample;

namespace Ciel.Tests.Billing;

/// <summary>
/// What holds for all usage and all prices. CI tries some thousand cases of each; CIEL_CASES=1000000 tries a million.
/// </summary>
public sealed class RatingProperties
{
    private const int End = 200;
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("CIEL_CASES") ?? "5000", null);

    private static readonly Gen<string> Each = Gen.Int[0, 99_999].Select(n => $"{n / 1000}.{n % 1000:000}");

    private static readonly Gen<Price> AnyPrice = Gen.Select(Gen.Int[0, End], Gen.Bool, Gen.Int[0, 3], Gen.Int[1, 200], Each.Array[4], (from, volume, steps, width, each) =>
        Steps(volume ? Tiering.Volume : Tiering.Graduated, [.. Enumerable.Range(1, steps).Select(i => ((long?)(i * width), each[i])), (null, each[0])], from));

    // Sold by the second, so that steps are reached within the period.
    private static readonly Gen<PriceBook> AnyBook = AnyPrice.Array[0, 3].Select(prices =>
        new PriceBook { Products = [Machine with { Unit = SaleUnit.Parse("server-minute")! }], Prices = [.. prices.DistinctBy(p => p.From)] });

    private static readonly Gen<Usage> AnyUsage = Gen.Select(Gen.Int[0, End + 50], Gen.Int[0, 150], Gen.Int[0, 3], Gen.Int[1, 9], Gen.Int[0, 1], (from, length, resource, quantity, project) =>
        Ran(from, from + length, $"r{resource}", quantity, $"p{project}"));

    private static readonly Gen<(PriceBook Book, Usage[] Usage)> Any = Gen.Select(AnyBook, AnyUsage.Array[0, 6]);

    [Fact]
    public void A_second_implementation_agrees() => Any.Sample(
        (book, usage) => Rate(book, End, usage).Lines().ShouldBe(SecondBySecond.Rate(book, End, usage)), iter: Cases);

    [Fact]
    public void Any_order_and_any_split_of_spans_give_identical_lines() => Gen.Select(Any, Gen.Int[0, End].Array[3], Gen.Int[0, 1 << 20]).Sample(
        (any, cuts, seed) =>
        {
            var pieces = any.Usage.SelectMany(u => u.Ran.Cut(cuts.Select(c => c * Second)).Select(part => u with { Ran = part })).ToArray();
            new Random(seed).Shuffle(pieces);
            Whole(Rate(any.Book, End, pieces)).ShouldBe(Whole(Rate(any.Book, End, any.Usage)));
        },
        iter: Cases);

    [Fact]
    public void A_project_under_a_contract_of_its_own_is_as_a_customer_of_its_own() => Gen.Select(Any, AnyPrice, Gen.Bool, Gen.Int[0, End], Gen.Int[0, End]).Sample(
        (any, price, priced, a, b) =>
        {
            var term = Span(Math.Min(a, b), Math.Max(a, b));
            var own = price with { From = 0, Contract = "own" };
            var book = any.Book with { Prices = [.. any.Book.Prices, .. priced ? [own] : (Price[])[]] };
            var pieces = any.Usage.SelectMany(u => u.Ran.Cut([term.From, term.To]).Select(part => u with { Ran = part })).ToLookup(u => u.Project == "p1" && term.Contains(u.Ran.From));
            List<string> expected =
            [
                .. SecondBySecond.Rate(any.Book, End, [.. pieces[false]]),
                .. SecondBySecond.Rate(priced ? any.Book with { Prices = [own] } : any.Book, End, [.. pieces[true]]),
            ];
            Rate(book, End, any.Usage, contracts: [new(term, "own", "p1")]).Select(c => Line(c with { Source = null })).ShouldBe(expected);
        },
        iter: Cases);

    [Fact]
    public void The_parts_of_a_line_add_up_to_it() => Any.Sample(
        (book, usage) =>
        {
            foreach (var charge in Rate(book, End, usage))
            {
                charge.Parts.Aggregate(default(Services.Billing.Amounts.Fixed), (sum, p) => sum + p.Amount).ShouldBe(charge.Amount);
                charge.Parts.Aggregate(default(Services.Billing.Amounts.Fixed), (sum, p) => sum + p.Quantity).ShouldBe(charge.Quantity);
            }
        },
        iter: Cases);

    [Fact]
    public void What_covers_usage_never_covers_more_than_there_is() => Gen.Select(Any, Gen.Int[1, 400], Gen.Int[1, 5], Gen.Int[0, End], Gen.Int[1, End]).Sample(
        (any, left, units, from, length) =>
        {
            var valid = Span(from, from + length);
            Covering Fresh() => new(
                [new("p", "machine", Services.Billing.Amounts.Fixed.Whole(left), valid)], [new("r", "machine", units, valid)],
                [new("s", "*", Services.Billing.Amounts.Fixed.Parse("0.5"), Services.Billing.Amounts.Fixed.Whole(20), valid)]);
            var (plain, covered) = (Rate(any.Book, End, any.Usage), Rate(any.Book, End, any.Usage, Fresh()));
            Quantity(covered, ChargeKind.Package).Units.ShouldBeLessThanOrEqualTo(Services.Billing.Amounts.Fixed.Whole(left).Units);
            covered.ShouldAllBe(c => c.Quantity.Units > 0);

            // Cutting at the edges of what covers loses at most a unit of the last digit at each.
            var lost = All(plain).Units - All(covered).Units;
            (lost >= 0 && lost <= 4 * any.Book.Prices.Count + 8).ShouldBeTrue();
        },
        iter: Cases);

    private static Services.Billing.Amounts.Fixed Quantity(IReadOnlyList<Charge> charges, ChargeKind kind) =>
        charges.Where(c => c.Kind == kind).Aggregate(default(Services.Billing.Amounts.Fixed), (sum, c) => sum + c.Quantity);

    private static Services.Billing.Amounts.Fixed All(IReadOnlyList<Charge> charges) =>
        Quantity(charges, ChargeKind.Usage) + Quantity(charges, ChargeKind.Package) + Quantity(charges, ChargeKind.Commitment);

    private static IEnumerable<string> Whole(IReadOnlyList<Charge> charges) =>
        charges.Select(c => $"{Line(c)} {c.Ran} {string.Join(';', c.Parts.Select(p => $"{p.Project}/{p.Resource}={p.Quantity}@{p.Amount}"))}");
}
