namespace Ciel.Simulation;

/// <summary>One simulated run.</summary>
/// <param name="Seed">All of its chance.</param>
/// <param name="Fenced">Whether nodes check fences; off is a planted bug.</param>
/// <param name="Guarded">Whether keepers' commits are guarded by their lease; off is a planted bug.</param>
internal sealed record SimOptions(int Seed, bool Fenced = true, bool Guarded = true)
{
    /// <summary>Controllers that share the store.</summary>
    public int Controllers { get; init; } = 3;

    /// <summary>Nodes.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Requests of the tenants while the weather is bad.</summary>
    public int Requests { get; init; } = 80;
}

/// <summary>How a run ended.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Hash">Of all its events.</param>
/// <param name="Broken">The promises that were broken, with what was seen; empty for a good run.</param>
/// <param name="Servers">How many servers the tenants made.</param>
/// <param name="Runs">How many times a server ran.</param>
internal sealed record SimResult(int Seed, string Hash, IReadOnlyList<string> Broken, long Servers, long Runs);
