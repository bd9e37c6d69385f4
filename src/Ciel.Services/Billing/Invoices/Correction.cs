using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Rating;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Invoices;

/// <summary>A period that is closed.</summary>
internal sealed record ClosedPeriod
{
    /// <summary>µs UTC.</summary>
    public long FromAt { get; init; }

    /// <summary>µs UTC, not in it.</summary>
    public long ToAt { get; init; }

    /// <summary>Its invoice's number; null where there was nothing to invoice.</summary>
    public string? Number { get; init; }

    /// <summary>The period.</summary>
    public Period When => new(FromAt, ToAt);
}

/// <summary>What one resource has been billed of a product for a period: by its invoice, and by corrections since.</summary>
internal sealed record Billed
{
    public required string Product { get; init; }

    /// <summary>The order whose package covered it; null where it was paid for.</summary>
    public string? Package { get; init; }

    public required string Unit { get; init; }

    public required string ProjectId { get; init; }

    public required string ResourceId { get; init; }

    /// <summary>How much ran; 0 for a discount, which is on what a line of its own counts.</summary>
    public required string Quantity { get; init; }

    public required string Rated { get; init; }
}

/// <summary>Corrects closed periods: never by an edit, always by a line on the next invoice.</summary>
internal static class Correction
{
    /// <summary>How long after a period late events still correct it, µs: the longest quarter.</summary>
    public const long Window = 92 * Day;

    /// <summary>
    /// One charge for each product that a closed period should have come to otherwise, and one for each package that should have covered more of it or
    /// less: it costs nothing, but it is taken from the package.
    /// </summary>
    /// <param name="closed">The period.</param>
    /// <param name="now">What it comes to by the ledger as it is now.</param>
    /// <param name="billed">What has been billed for it.</param>
    public static IEnumerable<Charge> Of(ClosedPeriod closed, IReadOnlyList<Charge> now, IReadOnlyList<Billed> billed)
    {
        var units = now.Select(c => (c.Product, c.Unit)).Concat(billed.Select(b => (b.Product, b.Unit))).DistinctBy(p => p.Product).ToDictionary();
        var due = Sums(now.SelectMany(c => c.Parts.Select(p => (Key: (c.Product, c.Kind == ChargeKind.Package ? c.Source : null, p.Project, p.Resource), c.Kind == ChargeKind.Discount ? Fixed.Zero : p.Quantity, p.Amount))));
        var was = Sums(billed.Select(b => (Key: (b.Product, b.Package, b.ProjectId, b.ResourceId), Fixed.Parse(b.Quantity), Fixed.Parse(b.Rated))));
        return due.Keys.Union(was.Keys)
            .Select(key => (Key: key, Part: Difference(key, due.GetValueOrDefault(key), was.GetValueOrDefault(key))))
            .Where(d => d.Part.Amount != Fixed.Zero || d.Key.Package is not null)
            .GroupBy(d => (d.Key.Product, d.Key.Package)).OrderBy(g => g.Key.Product, StringComparer.Ordinal).ThenBy(g => g.Key.Package, StringComparer.Ordinal)
            .Select(g => Charge(closed, g.Key.Product, g.Key.Package, units[g.Key.Product], now.FirstOrDefault(c => c.Product == g.Key.Product)?.Tax ?? "standard", [.. g.Select(d => d.Part)]))
            .Where(c => c.Kind == ChargeKind.Correction || c.Quantity != Fixed.Zero);
    }

    private static Dictionary<(string Product, string? Package, string Project, string Resource), (Fixed Quantity, Fixed Amount)> Sums(
        IEnumerable<((string, string?, string, string) Key, Fixed Quantity, Fixed Amount)> parts) => parts
        .GroupBy(p => p.Key)
        .ToDictionary(g => g.Key, g => g.Aggregate((Quantity: Fixed.Zero, Amount: Fixed.Zero), (sum, p) => (sum.Quantity + p.Quantity, sum.Amount + p.Amount)));

    private static Part Difference((string Product, string? Package, string Project, string Resource) key, (Fixed Quantity, Fixed Amount) due, (Fixed Quantity, Fixed Amount) was) =>
        new(key.Project, key.Resource, due.Quantity - was.Quantity, due.Amount - was.Amount);

    private static Charge Charge(ClosedPeriod closed, string product, string? package, string unit, string tax, List<Part> parts) => new()
    {
        Kind = package is null ? ChargeKind.Correction : ChargeKind.Package,
        Product = product,
        Ran = closed.When,
        Unit = unit,
        Quantity = parts.Sum(p => p.Quantity),
        Each = Fixed.Zero,
        Amount = parts.Sum(p => p.Amount),
        Source = package ?? closed.Number,
        Tax = tax,
        Parts = [.. parts.OrderBy(p => p.Project, StringComparer.Ordinal).ThenBy(p => p.Resource, StringComparer.Ordinal)],
    };
}
