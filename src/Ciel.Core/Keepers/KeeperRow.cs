namespace Ciel.Core.Keepers;

/// <summary>A keeper at rest: one row of the table <c>keeper</c>. Instants are µs UTC.</summary>
public sealed record KeeperRow
{
    /// <summary>The id of the resource that it keeps.</summary>
    public required string Id { get; init; }

    /// <summary>Which code runs it (<see cref="Keeper.Kind"/>).</summary>
    public required string Kind { get; init; }

    /// <summary>The step that comes next.</summary>
    public required string Step { get; init; }

    /// <summary>When to run; moved ahead while leased.</summary>
    public long WakeAt { get; init; }

    /// <summary>How long the present run may take; 0 at rest.</summary>
    public long LeaseUntil { get; init; }

    /// <summary>Counts runs; guards each commit and fences each agent call.</summary>
    public long LeaseNo { get; init; }

    /// <summary>Failures in a row at this step.</summary>
    public long Attempt { get; init; }

    /// <summary>When retries end; <see cref="long.MaxValue"/> for never.</summary>
    public long DeadlineAt { get; init; }

    /// <summary>The keeper's own notes, JSON.</summary>
    public string Frame { get; init; } = "{}";

    /// <summary>Why the last run failed; null after a good one.</summary>
    public string? LastError { get; init; }

    /// <summary>When it was begun.</summary>
    public long CreatedAt { get; init; }
}
