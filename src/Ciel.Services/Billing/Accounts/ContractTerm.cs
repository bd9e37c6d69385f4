using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Accounts;

/// <summary>A contract's hold on an account, or on one of the projects that it pays for.</summary>
internal sealed record ContractTerm
{
    public required string AccountId { get; init; }

    /// <summary>The project; empty for all that have no contract of their own.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The contract's id in the price book.</summary>
    public required string Contract { get; init; }

    /// <summary>µs UTC.</summary>
    public long FromAt { get; init; }

    /// <summary>µs UTC, not in it; null while it lasts.</summary>
    public long? ToAt { get; init; }

    /// <summary>The same, as prices are looked up by it.</summary>
    public Agreement Agreement => new(new(FromAt, ToAt ?? long.MaxValue), Contract, ProjectId.Length > 0 ? ProjectId : null);
}
