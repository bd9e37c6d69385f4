namespace Ciel.Agent.Host;

/// <summary>What <c>ciel helper launch SPEC.json</c> is to start and how it is confined.</summary>
internal sealed record LaunchSpec
{
    /// <summary>The program's absolute path and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Its working directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Where its output and errors are appended.</summary>
    public required string Output { get; init; }

    /// <summary>A file whose lock the child holds for as long as it lives: a second launch of the same fails.</summary>
    public string? Lock { get; init; }

    /// <summary>Control groups to join.</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];

    /// <summary>The user and group to become; 0 keeps root with all its capabilities.</summary>
    public int Uid { get; init; }

    /// <summary>Supplementary groups.</summary>
    public IReadOnlyList<int> Groups { get; init; } = [];

    /// <summary>Taps to attach to, each handed down as a descriptor.</summary>
    public IReadOnlyList<LaunchTap> Taps { get; init; } = [];

    /// <summary>Files to open as root and hand down as descriptors.</summary>
    public IReadOnlyList<LaunchFile> Files { get; init; } = [];

    /// <summary>The network namespace to run in, by name; null for a fresh one with nothing in it.</summary>
    public string? Namespace { get; init; }

    /// <summary>CPU seconds it may use; null for no limit.</summary>
    public long? CpuSeconds { get; init; }
}

/// <summary>A persistent tap in a network namespace, handed down as descriptor <paramref name="Fd"/>.</summary>
internal sealed record LaunchTap(string Namespace, string Device, int Fd);

/// <summary>A file handed down, opened for reading only, as descriptor <paramref name="Fd"/>.</summary>
internal sealed record LaunchFile(string Path, int Fd);
