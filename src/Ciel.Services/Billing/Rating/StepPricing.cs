using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Rating;

/// <summary>Prices one product's stretches, in order of time, by the steps of their prices. The steps count what the whole period has had so far.</summary>
internal sealed class StepPricing(IReadOnlyList<Stretch> stretches)
{
    private readonly Fixed _all = stretches.Sum(s => s.Left);

    /// <summary>A line for each step that was reached, and one for each discount on it.</summary>
    public IEnumerable<Charge> Charges()
    {
        var before = Fixed.Zero;
        foreach (var stretch in stretches)
        {
            foreach (var (quantity, each) in Steps(stretch, before))
            {
                var charge = stretch.Charge(ChargeKind.Usage, quantity, each, quantity.Times(each), stretch.Rate.Price.Contract);
                yield return charge;
                foreach (var discount in Discounts(stretch, charge))
                {
                    yield return discount;
                }
            }

            before += stretch.Left;
        }
    }

    private IEnumerable<(Fixed Quantity, Fixed Each)> Steps(Stretch stretch, Fixed before)
    {
        var price = stretch.Rate.Price;
        if (price.Tiering == Tiering.Volume)
        {
            return stretch.Left > Fixed.Zero ? [(stretch.Left, price.Steps.First(s => s.UpTo is null || _all <= s.UpTo).Each)] : [];
        }

        return Graduated(price.Steps, before, before + stretch.Left);
    }

    private static IEnumerable<(Fixed Quantity, Fixed Each)> Graduated(IReadOnlyList<PriceStep> steps, Fixed from, Fixed to)
    {
        var floor = Fixed.Zero;
        foreach (var step in steps)
        {
            var top = step.UpTo is { } end ? Fixed.Min(end, to) : to;
            var quantity = top - Fixed.Max(floor, from);
            if (quantity > Fixed.Zero)
            {
                yield return (quantity, step.Each);
            }

            floor = step.UpTo ?? to;
        }
    }

    // One after the other: the second is taken off what the first has left.
    private static IEnumerable<Charge> Discounts(Stretch stretch, Charge charge)
    {
        var left = charge.Amount;
        foreach (var discount in stretch.Rate.Discounts)
        {
            var off = left.Percent(discount.Percent);
            left -= off;
            if (off != Fixed.Zero)
            {
                yield return stretch.Charge(ChargeKind.Discount, charge.Quantity, Fixed.Zero, -off, stretch.Rate.Contract);
            }
        }
    }
}
