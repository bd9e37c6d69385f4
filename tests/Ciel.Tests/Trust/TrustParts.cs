using Ciel.Core.Host;
using Ciel.Core.Trust;

namespace Ciel.Tests.Trust;

/// <summary>The parts of trust over a store of their own.</summary>
internal sealed class TrustParts(TestStore store, ManualTime time, RootKeys? root = null) : IAsyncDisposable
{
    public ManualTime Time => time;

    public TestStore Store => store;

    public RootKeys Root { get; } = root ?? RootKeys.New(new SystemSecrets());

    public TrustOptions Options { get; } = new() { RootKeyPath = "unused" };

    public static async Task<TrustParts> Open(string kind = "sqlite")
    {
        var time = new ManualTime();
        return new TrustParts(await TestStore.Open(kind, time, TrustServices.Migrations), time);
    }

    /// <summary>A controller's own key ring, over its own connection.</summary>
    public KeyRing Ring(RootKeys? other = null) => new(store.Db, other ?? Root, new SystemSecrets(), time);

    public TokenSealer Sealer(KeyRing? ring = null) => new(ring ?? Ring(), store.Db, new SystemSecrets(), Options);

    public Envelope Envelope(KeyRing? ring = null) => new(ring ?? Ring(), store.Db, new SystemSecrets());

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
