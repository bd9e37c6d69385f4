using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Prices;

/// <summary>A rate of tax, from a day on until the next of the same class and place.</summary>
internal sealed record TaxRate
{
    /// <summary>The class of goods, such as <c>standard</c>.</summary>
    public required string Class { get; init; }

    /// <summary>The customer's country, ISO 3166-1 alpha-2; <c>*</c> for all that have no rate of their own.</summary>
    public required string Country { get; init; }

    /// <summary>Only for customers with a tax number (B2B), only for those without, or null for both.</summary>
    public bool? Business { get; init; }

    /// <summary>In hundredths.</summary>
    public required Fixed Percent { get; init; }

    /// <summary>EN 16931's category (UNTDID 5305): S standard, Z zero, E exempt, AE reverse charge, K within the EU, G export, O not subject.</summary>
    public required string Category { get; init; }

    /// <summary>Why there is none, for categories other than S and Z (BT-120).</summary>
    public string? Reason { get; init; }

    /// <summary>From when on, µs UTC.</summary>
    public required long From { get; init; }
}
