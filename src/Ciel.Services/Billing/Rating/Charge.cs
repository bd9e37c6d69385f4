using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Rating;

/// <summary>One rated line, before its amount is rounded to money.</summary>
internal sealed record Charge
{
    /// <summary>What kind of line.</summary>
    public required ChargeKind Kind { get; init; }

    /// <summary>The product's id, or of a plan, a package, a commitment.</summary>
    public required string Product { get; init; }

    /// <summary>When it ran.</summary>
    public required Period Ran { get; init; }

    /// <summary>The unit of sale.</summary>
    public required string Unit { get; init; }

    /// <summary>How many units.</summary>
    public required Fixed Quantity { get; init; }

    /// <summary>For one unit.</summary>
    public required Fixed Each { get; init; }

    /// <summary>What it comes to, ten decimals.</summary>
    public required Fixed Amount { get; init; }

    /// <summary>What it would come to by the list, without contract, package or commitment.</summary>
    public Fixed List { get; init; }

    /// <summary>The package, commitment, contract or coupon that it is due to; null for none.</summary>
    public string? Source { get; init; }

    /// <summary>The class of tax.</summary>
    public required string Tax { get; init; }

    /// <summary>Of what is given back, the end of the period whose tax was paid on it, µs UTC; null for what is charged now.</summary>
    public long? TaxedBefore { get; init; }

    /// <summary>Whose it is; adds up to <see cref="Quantity"/> and <see cref="Amount"/> to the last digit.</summary>
    public required IReadOnlyList<Part> Parts { get; init; }

    /// <summary>Whether it is due at once, and not hour by hour.</summary>
    public bool IsOnce => Kind == ChargeKind.Subscription || (Kind == ChargeKind.Purchase && Unit == OncePerPackage);

    /// <summary>The unit of a package's own price.</summary>
    public const string OncePerPackage = "package";

    /// <summary>One project's part of it.</summary>
    public Charge Of(string project)
    {
        var parts = Parts.Where(p => p.Project == project).ToList();
        return this with
        {
            Parts = parts,
            Quantity = parts.Sum(p => p.Quantity),
            Amount = parts.Sum(p => p.Amount),
        };
    }
}

/// <summary>What one resource has of a charge.</summary>
/// <param name="Project">Its project.</param>
/// <param name="Resource">Its id.</param>
/// <param name="Quantity">Its units.</param>
/// <param name="Amount">Its amount.</param>
internal sealed record Part(string Project, string Resource, Fixed Quantity, Fixed Amount);

/// <summary>The kinds of lines, in the order in which they are worked out and printed.</summary>
internal enum ChargeKind
{
    /// <summary>A subscription's fee, or what a change of it costs or gives back.</summary>
    Subscription,

    /// <summary>A package's, a commitment's or a prepaid amount's own price.</summary>
    Purchase,

    /// <summary>Usage that a package covers.</summary>
    Package,

    /// <summary>Usage that a commitment covers.</summary>
    Commitment,

    /// <summary>Usage that is paid for.</summary>
    Usage,

    /// <summary>A contract's discount.</summary>
    Discount,

    /// <summary>What a closed period should have come to, less what it did.</summary>
    Correction,

    /// <summary>A coupon.</summary>
    Coupon,

    /// <summary>What a credit note takes back.</summary>
    Credit,

    /// <summary>Tax.</summary>
    Tax,
}
