using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Rating;

/// <summary>
/// Turns what ran in a period into charges. A pure function: the same usage, in any order and split in any way, gives the same charges to the
/// last digit. Per product: its stretches of one price, in order of time; in each, the sum of what ran; of that what packages and commitments
/// cover; the rest by the steps of the price; then discounts. A project under a contract of its own is summed up and priced by itself.
/// </summary>
internal sealed class Rater
{
    private readonly Tariff _tariff;
    private readonly Covering _covering;
    private readonly List<Metering> _products;
    private readonly Dictionary<string, List<Metering>> _apart;
    private readonly SortedSet<string> _unpriced = new(StringComparer.Ordinal);

    public Rater(Tariff tariff, Period period, Covering covering)
    {
        (_tariff, _covering) = (tariff, covering);
        _products = [.. tariff.Book.Products.Select(p => Meter(p, tariff.Rates(p.Id, period)))];
        _apart = tariff.Apart.ToDictionary(a => a, a => tariff.Book.Products.Select(p => Meter(p, tariff.Rates(p.Id, period, a))).ToList());
    }

    /// <summary>Meters that ran and that no product with a price sells.</summary>
    public IReadOnlyCollection<string> Unpriced => _unpriced;

    /// <summary>Adds what ran.</summary>
    public void Add(Usage usage)
    {
        try
        {
            if (!_apart.TryGetValue(usage.Project, out var apart))
            {
                Note(Sold(_products, usage, static (m, u) => m.Add(u)), usage.Meter);
                return;
            }

            // What it has by itself counts only what ran under its contracts.
            var sold = Sold(apart, usage, static (m, u) => m.Add(u));
            foreach (var rest in _tariff.Rest(usage.Ran, usage.Project))
            {
                sold |= Sold(_products, usage with { Ran = rest }, static (m, u) => m.Add(u));
            }

            Note(sold, usage.Meter);
        }
        catch (OverflowException)
        {
            throw Fixed.TooLarge();
        }
    }

    /// <summary>Adds what was counted.</summary>
    public void Add(Counted counted)
    {
        var its = _apart.TryGetValue(counted.Project, out var apart) && !_tariff.Rest(new(counted.At, counted.At + 1), counted.Project).Any() ? apart : _products;
        Note(Sold(its, counted, static (m, c) => m.Add(c)), counted.Meter);
    }

    /// <summary>The charges, product by product as the book lists them.</summary>
    public IReadOnlyList<Charge> Charges() => [.. _products.SelectMany((shared, i) => Charges([shared, .. _tariff.Apart.Select(a => _apart[a][i])]))];

    private static bool Sold<T>(List<Metering> products, T what, Func<Measured, T, bool> add)
    {
        var sold = false;
        foreach (var product in products)
        {
            sold |= add(product.Measured, what) && product.Rates.Count > 0;
        }

        return sold;
    }

    private Metering Meter(Product product, IEnumerable<Rate> under)
    {
        var edges = _covering.Edges(product.Id).ToList();
        List<Rate> rates = [.. under.SelectMany(r => r.When.Cut(edges).Select(part => r with { When = part }))];
        return new(product, rates, new Measured(product, [.. rates.Select(r => r.When)]) { Hourly = _covering.Hourly(product.Id) });
    }

    private void Note(bool sold, string meter)
    {
        if (!sold)
        {
            _unpriced.Add(meter);
        }
    }

    // One product's. What covers usage is there for all of it, in order of time; the steps of a price count what has that price alone.
    private List<Charge> Charges(IReadOnlyList<Metering> meterings)
    {
        var (covered, open) = (new List<Charge>(), meterings.Select(_ => new List<Stretch>()).ToList());
        foreach (var (metering, of, i) in meterings.SelectMany((m, of) => m.Rates.Select((_, i) => (Metering: m, of, i))).OrderBy(s => s.Metering.Rates[s.i].When.From))
        {
            if (metering.Measured.Of(i) is { Count: > 0 } resources)
            {
                var stretch = new Stretch(metering.Product, metering.Rates[i], resources);
                var left = Cover(stretch, metering.Measured.Hours(i), covered);
                open[of].Add(stretch with { Left = left });
            }
        }

        return [.. covered, .. open.SelectMany(stretches => new StepPricing(stretches).Charges())];
    }

    // Adds the charges for what is covered; answers what is left to pay for.
    private Fixed Cover(Stretch stretch, IReadOnlyList<(long Hour, Int128 Sum)> hours, List<Charge> charges)
    {
        var (product, rate, whole) = (stretch.Product, stretch.Rate, stretch.Whole);
        var left = whole;
        foreach (var (source, quantity) in _covering.ByPackages(product.Id, rate.When, whole))
        {
            charges.Add(stretch.Covered(ChargeKind.Package, source, quantity));
            left -= quantity;
        }

        if (hours.Count > 0 && left > Fixed.Zero)
        {
            foreach (var (source, quantity) in _covering.ByCommitments(product, rate, hours, left, whole).Where(c => c.Quantity > Fixed.Zero))
            {
                charges.Add(stretch.Covered(ChargeKind.Commitment, source, quantity));
                left -= quantity;
            }
        }

        return left;
    }

    private sealed record Metering(Product Product, IReadOnlyList<Rate> Rates, Measured Measured);
}
