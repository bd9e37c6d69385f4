namespace Ciel.Agent;

/// <summary>Where and as whom an agent works.</summary>
public sealed class AgentOptions
{
    /// <summary>The instance's name, at most 8 characters; taps, users, control groups and namespaces derive from it.</summary>
    public required string Instance { get; init; }

    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>The node's own directory.</summary>
    public required string Data { get; init; }

    /// <summary>The command that runs this program again for a helper process, such as <c>/opt/ciel/ciel</c>.</summary>
    public required string Self { get; init; }

    /// <summary>The first of 10,000 user ids, one for each machine.</summary>
    public int FirstUid { get; init; } = 2_000_000;

    /// <summary>Bytes that cached base images may take before unused ones go.</summary>
    public long BaseCacheBytes { get; init; } = 20L << 30;
}
