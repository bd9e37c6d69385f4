using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Prices;

/// <summary>What a product costs from an instant on, until the next price of the same product, currency and contract.</summary>
internal sealed record Price
{
    /// <summary>The product.</summary>
    public required string Product { get; init; }

    /// <summary>The currency's code.</summary>
    public required string Currency { get; init; }

    /// <summary>The contract for which it holds; null for the list that all others pay.</summary>
    public string? Contract { get; init; }

    /// <summary>From when on, µs UTC.</summary>
    public required long From { get; init; }

    /// <summary>How the steps are read.</summary>
    public Tiering Tiering { get; init; }

    /// <summary>At least one, upwards; the last has no end.</summary>
    public required IReadOnlyList<PriceStep> Steps { get; init; }
}

/// <summary>How the steps of a price are read.</summary>
internal enum Tiering
{
    /// <summary>Each unit costs what its own step says.</summary>
    Graduated,

    /// <summary>All units of the period cost what the step says that the last one reaches.</summary>
    Volume,
}

/// <summary>One step of a price.</summary>
/// <param name="UpTo">Up to so many units in the period, that one in it; null for all above.</param>
/// <param name="Each">For one unit.</param>
internal sealed record PriceStep(Fixed? UpTo, Fixed Each);
