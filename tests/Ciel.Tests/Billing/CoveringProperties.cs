using System.Numerics;
using CsCheck;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;
using static Ciel.Tests.Billing.Sample;
using Number = Ciel.Services.Billing.Amounts.Fixed;

namespace Ciel.Tests.Billing;

/// <summary>What packages, reservations and savings plans cover agrees with a second way of reckoning, for all usage within three hours. CIEL_CASES as elsewhere.</summary>
public sealed class CoveringProperties
{
    private const int End = 180;
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("CIEL_CASES") ?? "5000", null);

    private static readonly Gen<(int From, int To)> AnyValid = Gen.Select(Gen.Int[0, End], Gen.Int[1, End], (from, length) => (from * 60, (from + length) * 60));
    private static readonly Gen<Package[]> Packages = Gen.Select(AnyValid, Gen.Int[1, 4000]).Array[0, 2].Select(all =>
        all.Select((p, i) => new Package($"p{i}", "machine", Number.Whole(p.Item2).Percent(Number.Whole(37)), Span(p.Item1.From, p.Item1.To))).OrderBy(p => p.Valid.To).ThenBy(p => p.Valid.From).ThenBy(p => p.Id, StringComparer.Ordinal).ToArray());

    private static readonly Gen<Reservation[]> Reservations = Gen.Select(AnyValid, Gen.Int[1, 4]).Array[0, 2].Select(all =>
        all.Select((r, i) => new Reservation($"r{i}", "machine", r.Item2, Span(r.Item1.From, r.Item1.To))).OrderBy(r => r.Valid.From).ThenBy(r => r.Id, StringComparer.Ordinal).ToArray());

    private static readonly Gen<SavingsPlan[]> Plans = Gen.Select(AnyValid, Gen.Int[1, 900], Gen.Int[1, 60]).Array[0, 2].Select(all =>
        all.Select((p, i) => new SavingsPlan($"s{i}", "*", Number.Whole(p.Item2).Percent(Number.Whole(11)), Number.Whole(p.Item3), Span(p.Item1.From, p.Item1.To)))
            .OrderByDescending(p => p.Percent).ThenBy(p => p.Valid.From).ThenBy(p => p.Id, StringComparer.Ordinal).ToArray());

    private static readonly Gen<(int From, int Length, int Servers)[]> AnyUsage = Gen.Select(Gen.Int[0, End - 1], Gen.Int[1, 90], Gen.Int[1, 6]).Array[0, 5];

    [Fact]
    public void A_second_reckoning_of_what_covers_agrees() => Gen.Select(Gen.Int[1, 99_999], AnyUsage, Packages, Reservations, Plans).Sample(
        (price, usage, packages, reservations, plans) =>
        {
            var each = $"{price / 10_000}.{price % 10_000:0000}";
            var book = new PriceBook { Products = [Machine with { Unit = SaleUnit.Parse("server-minute")! }], Prices = [Price(each)] };
            var spans = usage.Select((u, i) => Ran(u.From * 60, Math.Min(u.From + u.Length, End) * 60, $"r{i}", u.Servers));
            var minutes = new int[End];
            foreach (var (from, length, servers) in usage)
            {
                for (var m = from; m < Math.Min(from + length, End); m++)
                {
                    minutes[m] += servers;
                }
            }

            var rated = Rate(book, End * 60, spans, new Covering(packages, reservations, plans));
            rated.Select(Said).ShouldBe(new HourByHour((BigInteger)Number.Parse(each).Units, packages, reservations, plans).Rate(minutes));
            rated.ShouldAllBe(c => c.Kind == ChargeKind.Usage || c.Amount == Number.Zero);
        },
        iter: Cases);

    private static string Said(Charge c) => c.Kind == ChargeKind.Usage ? $"Usage {c.Quantity} = {c.Amount}" : $"{c.Kind} {c.Source} {c.Quantity}";
}
