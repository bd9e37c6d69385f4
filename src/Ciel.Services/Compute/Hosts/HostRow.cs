using Ciel.Agent.Contract;

namespace Ciel.Services.Compute;

/// <summary>A node as compute's scheduler and its administrators see it: what it has, what is taken, and what was said about it.</summary>
internal sealed record HostRow
{
    /// <summary>From 1, by age; for microversions that have no UUIDs yet.</summary>
    public required int Number { get; init; }

    public required string Id { get; init; }

    public required NodeFacts Facts { get; init; }

    /// <summary>Whether it answers.</summary>
    public required bool Up { get; init; }

    public bool Disabled { get; init; }

    public string? DisabledReason { get; init; }

    public bool ForcedDown { get; init; }

    public required string Zone { get; init; }

    public long UsedVcpus { get; init; }

    public long UsedMemoryMib { get; init; }

    public long UsedDiskGib { get; init; }

    public int Servers { get; init; }

    public long UpdatedAt { get; init; }

    /// <summary>How long it has been up, in uptime(1)'s words; null where it was not asked or did not answer.</summary>
    public string? Uptime { get; init; }

    public string Name => Facts.Name;

    public bool Alive => Up && !ForcedDown;
}
