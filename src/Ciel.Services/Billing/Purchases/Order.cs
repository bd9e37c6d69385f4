using System.Globalization;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Purchases;

/// <summary>What a customer has ordered, with all that was changed of it since.</summary>
/// <param name="Id">Its id; lines name it as their source.</param>
/// <param name="AccountId">Who pays.</param>
/// <param name="ProjectId">Whose cost it is; null for the account's.</param>
/// <param name="Changes">In order of time; the first is the order itself. Quantity 0 ends it.</param>
internal sealed record Order(string Id, string AccountId, string? ProjectId, IReadOnlyList<Change> Changes)
{
    /// <summary>How it began.</summary>
    public Change First => Changes[0];

    /// <summary>How it is now.</summary>
    public Change Last => Changes[^1];

    /// <summary>When what lasts some months is good: from the order on, or until it was ended.</summary>
    public Period Valid(int months, Zone zone) => new(
        zone.Start(First.On), Math.Min(zone.Start(First.On.AddMonths(months)), Last.Quantity == 0 ? zone.Start(Last.On) : long.MaxValue));
}

/// <summary>From a day on the order is for so many of an offer.</summary>
internal sealed record Change
{
    public required string OrderId { get; init; }

    /// <summary>From 0 on.</summary>
    public long Sequence { get; init; }

    /// <summary>The day, where the customer lives, as <c>2026-08-24</c>.</summary>
    public required string Day { get; init; }

    /// <summary>The offer's id.</summary>
    public required string Offer { get; init; }

    /// <summary>How many; 0 for none any more.</summary>
    public long Quantity { get; init; }

    /// <summary>When it was said, µs UTC.</summary>
    public long ChangedAt { get; init; }

    /// <summary>The day.</summary>
    public DateOnly On => DateOnly.ParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
