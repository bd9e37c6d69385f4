using Ciel.Core.Errors;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Accounts;

/// <summary>
/// A customer who pays, or a part of one whose parent pays. Projects belong to accounts; what belongs to none is paid by the account
/// <see cref="Default"/>.
/// </summary>
internal sealed record Account
{
    /// <summary>The account that every cloud has.</summary>
    public const string Default = "default";

    /// <summary>Its id: what the operator called it first.</summary>
    public required string Id { get; init; }

    /// <summary>The customer's name, as invoices say it.</summary>
    public required string Name { get; init; }

    /// <summary>The account above; its root pays for all below.</summary>
    public string? ParentId { get; init; }

    /// <summary>The legal entity that issues its invoices.</summary>
    public string EntityId { get; init; } = Entity.Default;

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>IANA's name of the time zone whose months are billed.</summary>
    public string Zone { get; init; } = "UTC";

    /// <summary>ISO 3166-1 alpha-2: where the customer is taxed.</summary>
    public string Country { get; init; } = "";

    /// <summary>The number by which a business is taxed; null for a private customer.</summary>
    public string? TaxNumber { get; init; }

    /// <summary>Address, e-mail and the customer's reference, JSON.</summary>
    public string Details { get; init; } = "{}";

    /// <summary>Days from an invoice to when it is due.</summary>
    public long TermsDays { get; init; } = 14;

    /// <summary>Where it stands with its payments.</summary>
    public string State { get; init; } = "active";

    /// <summary>Since when, µs UTC.</summary>
    public long StateAt { get; init; }

    /// <summary>When it was made, µs UTC.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Until when it has been invoiced, µs UTC.</summary>
    public long ClosedUntil { get; init; }

    /// <summary>Whether it pays ahead: services stop when its balance is used up.</summary>
    public bool Prepaid { get; init; }

    /// <summary>Below which balances a prepaid account gets a notice, such as <c>50,20,5</c>.</summary>
    public string LowBalance { get; init; } = "";

    /// <summary>The last of them that it was told; null for none.</summary>
    public string? LowTold { get; init; }

    /// <summary>After how many days of standing still its resources are released; null for never.</summary>
    public long? ReleaseAfterDays { get; init; }

    /// <summary>When they will be, as notices said, µs UTC.</summary>
    public long? ReleaseAt { get; init; }

    /// <summary>How many days before that the last notice was.</summary>
    public long? ReleaseTold { get; init; }

    /// <summary>Where a sandbox's own clock stands, µs UTC; null for a real account.</summary>
    public long? ClockAt { get; init; }

    /// <summary>Where a sandbox's clock is wanted, µs UTC; null for a real account.</summary>
    public long? ClockTo { get; init; }

    /// <summary>Whether it is for trying out: it lives by a clock of its own on usage that an operator gives it, and nothing of it is real.</summary>
    public bool IsSandbox => ClockAt is not null;

    /// <summary>That there is none of that id, 404.</summary>
    public static Fault Missing(string id) => Fault.NotFound($"There is no account {id}. `ciel account list` shows them.");

    /// <summary>The currency.</summary>
    public Currency Money => Amounts.Currency.Find(Currency)!;

    /// <summary>The time zone.</summary>
    public Zone Place => Calendar.Zone.Find(Zone)!;

    /// <summary>The period that is not invoiced yet: from where the last one ended to the end of that month.</summary>
    public Period Open => Period.Month(Place.Day(ClosedUntil), Place) with { From = ClosedUntil };
}
