using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Prices;

/// <summary>What a customer can order, at a price from an instant on until the next entry of the same id and currency.</summary>
internal sealed record Offer
{
    /// <summary>Its name in the book.</summary>
    public required string Id { get; init; }

    /// <summary>What a customer reads.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required OfferKind Kind { get; init; }

    /// <summary>The currency's code.</summary>
    public required string Currency { get; init; }

    /// <summary>For a subscription each term, for a package once, for a commitment each hour, per unit ordered.</summary>
    public required Fixed Price { get; init; }

    /// <summary>Months of a term: a subscription's 1 or 12, how long a package or a commitment is good.</summary>
    public int Months { get; init; } = 1;

    /// <summary>The product that a package or a reservation covers; a pattern with <c>*</c> for a savings plan; empty for a subscription.</summary>
    public string Product { get; init; } = "";

    /// <summary>Units of the product in one package.</summary>
    public Fixed Quantity { get; init; }

    /// <summary>How much less covered usage costs under a savings plan, in hundredths.</summary>
    public Fixed Percent { get; init; }

    /// <summary>The class of tax.</summary>
    public string Tax { get; init; } = "standard";

    /// <summary>From when on, µs UTC.</summary>
    public required long From { get; init; }
}

/// <summary>What can be ordered.</summary>
internal enum OfferKind
{
    /// <summary>A fee for each term, in advance.</summary>
    Subscription,

    /// <summary>Units of a product, paid before they are used.</summary>
    Package,

    /// <summary>Units of a product that may run at once, paid each hour whether they do or not.</summary>
    Reservation,

    /// <summary>An amount each hour, for which usage is cheaper.</summary>
    SavingsPlan,
}
