namespace Ciel.Agent.Simulated;

/// <summary>How a simulated node behaves. Spans pass on the injected clock.</summary>
public sealed record SimulatedAgentOptions
{
    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>Logical processors.</summary>
    public int Vcpus { get; init; } = 64;

    /// <summary>Memory that machines may take.</summary>
    public int MemoryMiB { get; init; } = 256 * 1024;

    /// <summary>Disk that machines may take.</summary>
    public int DiskGiB { get; init; } = 10_000;

    /// <summary>How long a base image takes to arrive.</summary>
    public TimeSpan Fetch { get; init; }

    /// <summary>How long a machine takes from its place in the boot queue to running.</summary>
    public TimeSpan Boot { get; init; }

    /// <summary>How long a machine takes to stop when it is asked kindly.</summary>
    public TimeSpan Stop { get; init; }

    /// <summary>How long the copy of a disk takes.</summary>
    public TimeSpan Snapshot { get; init; }

    /// <summary>How long a network or router takes to be wired.</summary>
    public TimeSpan Wire { get; init; }

    /// <summary>The chance that a machine fails to boot or a snapshot to be taken, 0 to 1.</summary>
    public double FailureChance { get; init; }

    /// <summary>Whether fences are checked; switched off only to show that the simulator notices.</summary>
    public bool ChecksFences { get; init; } = true;
}
