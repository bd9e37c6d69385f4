namespace Ciel.Agent;

/// <summary>Where and as whom an agent works.</summary>
public sealed class AgentOptions
{
    private const int FirstOfAll = 2_000_000;
    private const uint Ranges = 1_000;

    /// <summary>How many user ids a node has: one for each machine, and the last for trying KVM.</summary>
    internal const int Users = 10_000;

    private readonly int? firstUid;

    /// <summary>The instance's name, at most 8 characters; taps, users, control groups and namespaces derive from it.</summary>
    public required string Instance { get; init; }

    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>The node's own directory.</summary>
    public required string Data { get; init; }

    /// <summary>The command that runs this program again for a helper process, such as <c>/opt/ciel/ciel</c>.</summary>
    public required string Self { get; init; }

    /// <summary>The first of <see cref="Users"/> user ids. Unless given it derives from the instance's name.</summary>
    public int FirstUid
    {
        get => firstUid ?? FirstOfAll + (int)(Instance.Aggregate(0u, (sum, c) => (sum * 31) + c) % Ranges * Users);
        init => firstUid = value;
    }

    /// <summary>Bytes that cached base images may take before unused ones go.</summary>
    public long BaseCacheBytes { get; init; } = 20L << 30;
}
