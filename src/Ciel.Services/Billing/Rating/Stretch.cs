using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Rating;

/// <summary>What ran of a product while its price stayed as it was.</summary>
/// <param name="Product">The product.</param>
/// <param name="Rate">When, and the price.</param>
/// <param name="Resources">What ran, in the smallest unit, times µs where the price is for time.</param>
internal sealed record Stretch(Product Product, Rate Rate, IReadOnlyList<(string Project, string Resource, Int128 Sum)> Resources)
{
    /// <summary>All of it, in units of sale: summed up first, cut off after.</summary>
    public Fixed Whole { get; } = Product.Unit.Of(Resources.Aggregate(Int128.Zero, (sum, r) => sum + r.Sum));

    /// <summary>What nothing covers.</summary>
    public Fixed Left { get; init; }

    /// <summary>The line for what is covered: it costs nothing more.</summary>
    public Charge Covered(ChargeKind kind, string source, Fixed quantity) => Charge(kind, quantity, Fixed.Zero, Fixed.Zero, source) with
    {
        List = quantity.Times(Rate.Price.Steps[0].Each),
    };

    /// <summary>A line, shared among the resources by how much each of them ran.</summary>
    public Charge Charge(ChargeKind kind, Fixed quantity, Fixed each, Fixed amount, string? source = null)
    {
        var weights = Resources.Select(r => r.Sum).ToList();
        var (quantities, amounts) = (Shares.Of(quantity, weights), Shares.Of(amount, weights));
        return new()
        {
            Kind = kind,
            Product = Product.Id,
            Ran = Rate.When,
            Unit = Product.Unit.Text,
            Quantity = quantity,
            Each = each,
            Amount = amount,
            List = kind == ChargeKind.Discount ? Fixed.Zero : amount,
            Source = source,
            Tax = Product.Tax,
            Parts = [.. Resources.Select((r, i) => new Part(r.Project, r.Resource, quantities[i], amounts[i]))],
        };
    }
}
