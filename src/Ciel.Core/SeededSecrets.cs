namespace Ciel.Core;

/// <summary>Repeatable bytes for the simulator and for tests; never for a running cloud, since anyone can guess them.</summary>
/// <param name="random">The seeded source; used by one thread at a time.</param>
public sealed class SeededSecrets(Random random) : ISecrets
{
    private readonly Lock gate = new();

    /// <inheritdoc/>
    public void Fill(Span<byte> bytes)
    {
        lock (gate) random.NextBytes(bytes);
    }
}
