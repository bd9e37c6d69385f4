using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Rating;

/// <summary>
/// Turns what ran in a period into charges. A pure function: the same usage, in any order and split in any way, gives the same charges to the
/// last digit. Per product: its stretches of one price, in order of time; in each, the sum of what ran; of that what packages and commitments
/// cover; the rest by the steps of the price; then discounts.
/// </summary>
internal sealed class Rater
{
    private readonly Tariff _tariff;
    private readonly Covering _covering;
    private readonly List<Metering> _products;
    private readonly SortedSet<string> _unpriced = new(StringComparer.Ordinal);

    public Rater(Tariff tariff, Period period, Covering covering)
    {
        (_tariff, _covering) = (tariff, covering);
        _products = [.. tariff.Book.Products.Select(p => Meter(p, period))];
    }

    /// <summary>Meters that ran and that no product with a price sells.</summary>
    public IReadOnlyCollection<string> Unpriced => _unpriced;

    /// <summary>Adds what ran.</summary>
    public void Add(Usage usage)
    {
        try
        {
            var sold = false;
            foreach (var product in _products)
            {
                sold |= product.Measured.Add(usage) && product.Rates.Count > 0;
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
        var sold = false;
        foreach (var product in _products)
        {
            sold |= product.Measured.Add(counted) && product.Rates.Count > 0;
        }

        Note(sold, counted.Meter);
    }

    /// <summary>The charges, product by product as the book lists them.</summary>
    public IReadOnlyList<Charge> Charges() => [.. _products.SelectMany(Charges)];

    private Metering Meter(Product product, Period period)
    {
        var edges = _covering.Edges(product.Id).ToList();
        List<Rate> rates = [.. _tariff.Rates(product.Id, period).SelectMany(r => r.When.Cut(edges).Select(part => r with { When = part }))];
        return new(product, rates, new Measured(product, [.. rates.Select(r => r.When)]) { Hourly = _covering.Hourly(product.Id) });
    }

    private void Note(bool sold, string meter)
    {
        if (!sold)
        {
            _unpriced.Add(meter);
        }
    }

    private List<Charge> Charges(Metering metering)
    {
        var (covered, open) = (new List<Charge>(), new List<Stretch>());
        for (var i = 0; i < metering.Rates.Count; i++)
        {
            if (metering.Measured.Of(i) is { Count: > 0 } resources)
            {
                var stretch = new Stretch(metering.Product, metering.Rates[i], resources);
                var left = Cover(stretch, metering.Measured.Hours(i), covered);
                open.Add(stretch with { Left = left });
            }
        }

        return [.. covered, .. new StepPricing(open).Charges()];
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
