namespace Ciel.Services.Billing.Notices;

/// <summary>Something that the customer should know.</summary>
internal sealed record Notice
{
    public required string Id { get; init; }

    public required string AccountId { get; init; }

    /// <summary><c>invoice, payment, refund, budget, low-balance, overdue, frozen, release, released, restored, webhook-removed</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>A sentence that says what to do.</summary>
    public required string Message { get; init; }

    /// <summary>µs UTC.</summary>
    public long At { get; init; }
}
