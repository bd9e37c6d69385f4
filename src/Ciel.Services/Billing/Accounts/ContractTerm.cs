namespace Ciel.Services.Billing.Accounts;

/// <summary>A contract's hold on an account.</summary>
internal sealed record ContractTerm
{
    public required string AccountId { get; init; }

    /// <summary>The contract's id in the price book.</summary>
    public required string Contract { get; init; }

    /// <summary>µs UTC.</summary>
    public long FromAt { get; init; }

    /// <summary>µs UTC, not in it; null while it lasts.</summary>
    public long? ToAt { get; init; }
}
