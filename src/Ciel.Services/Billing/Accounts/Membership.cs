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

    /// <summary>Who bears what a project ran in a stretch of time; null for nobody. A share of a line is one: where the project moved within it, its last cost centre there has it.</summary>
    /// <param name="stays">In order of time.</param>
    /// <param name="project">The project.</param>
    /// <param name="ran">The stretch.</param>
    public static string? CostCentreOf(IEnumerable<Membership> stays, string project, Period ran) =>
        stays.LastOrDefault(s => s.ProjectId == project && !s.When.Meet(ran).IsEmpty)?.CostCentre;
}
