using Ciel.Services.Billing.Amounts;

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

    /// <summary>What of it was due at once: fees and packages.</summary>
    public string Once { get; init; } = "0";

    /// <summary>What of it came hour by hour.</summary>
    public Fixed Running => Fixed.Parse(Total) - Fixed.Parse(Once);
}
