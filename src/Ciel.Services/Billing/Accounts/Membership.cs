using Ciel.Services.Billing.Calendar;

namespace Ciel.Services.Billing.Accounts;

/// <summary>A project's stay in an account.</summary>
internal sealed record Membership
{
    public required string ProjectId { get; init; }

    public required string AccountId { get; init; }

    /// <summary>The root of the account's tree.</summary>
    public required string PayerId { get; init; }

    /// <summary>µs UTC.</summary>
    public long FromAt { get; init; }

    /// <summary>µs UTC, not in it; null while it lasts.</summary>
    public long? ToAt { get; init; }

    /// <summary>The customer's own word for who bears the cost.</summary>
    public string? CostCentre { get; init; }

    /// <summary>When.</summary>
    public Period When => new(FromAt, ToAt ?? long.MaxValue);
}
