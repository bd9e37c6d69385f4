using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Coupons;

/// <summary>A code that takes an amount, or hundredths, off what is billed while it is good.</summary>
internal sealed record Coupon
{
    /// <summary>What the customer types.</summary>
    public required string Code { get; init; }

    /// <summary>The amount's currency; null for hundredths.</summary>
    public string? Currency { get; init; }

    /// <summary>An amount, spread over as many invoices as it lasts; null for hundredths.</summary>
    public string? Amount { get; init; }

    /// <summary>Hundredths; null for an amount.</summary>
    public string? Percent { get; init; }

    /// <summary>Which products: an id or a pattern with <c>*</c>.</summary>
    public string Products { get; init; } = "*";

    /// <summary>How many accounts may still redeem it.</summary>
    public long UsesLeft { get; init; }

    /// <summary>µs UTC.</summary>
    public long FromAt { get; init; }

    /// <summary>µs UTC, not in it.</summary>
    public long ToAt { get; init; }
}

/// <summary>A coupon in an account's hands, with what earlier invoices have left of it.</summary>
/// <param name="Id">The redemption's id; lines name it as their source.</param>
/// <param name="Code">The coupon.</param>
/// <param name="Left">What is left of an amount; null for hundredths.</param>
/// <param name="Percent">Hundredths; null for an amount.</param>
/// <param name="Products">Which products.</param>
internal sealed record HeldCoupon(string Id, string Code, Fixed? Left, Fixed? Percent, string Products);
