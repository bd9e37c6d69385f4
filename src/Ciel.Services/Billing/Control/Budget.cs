using System.Globalization;

namespace Ciel.Services.Billing.Control;

/// <summary>How much an account, or one of its projects, wants to spend in a billing period.</summary>
internal sealed record Budget
{
    public required string Id { get; init; }

    public required string AccountId { get; init; }

    /// <summary>Only this project's part; null for all.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Money, tax included for a whole account.</summary>
    public required string Amount { get; init; }

    /// <summary>At how many hundredths a notice is written, such as <c>50,80,100</c>.</summary>
    public required string Alerts { get; init; }

    /// <summary>Whether the projects are suspended when it is used up, until it is raised or the next period begins.</summary>
    public bool HardStop { get; init; }

    /// <summary>The period of the last notice, µs UTC.</summary>
    public long AlertedFrom { get; init; }

    /// <summary>The last notice's hundredths.</summary>
    public long AlertedPercent { get; init; }

    /// <summary>The hundredths at which notices are written, upwards.</summary>
    public IEnumerable<long> Steps => Alerts.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(a => long.Parse(a, CultureInfo.InvariantCulture)).Order();
}
