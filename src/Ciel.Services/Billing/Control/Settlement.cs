namespace Ciel.Services.Billing.Control;

/// <summary>What a period had come to at an hour.</summary>
internal sealed record Settlement
{
    /// <summary>Whose.</summary>
    public required string AccountId { get; init; }

    /// <summary>The hour, µs UTC.</summary>
    public long At { get; init; }

    /// <summary>The period's begin, µs UTC.</summary>
    public long PeriodFrom { get; init; }

    /// <summary>Money, tax included.</summary>
    public required string Total { get; init; }
}
