using Ciel.Core.Store;

namespace Ciel.Simulation;

/// <summary>
/// One process's way to the store, which all share: before a write it may be held up, so that what it decided on has changed by the
/// time it commits. Where the process was armed, that is where it stops.
/// </summary>
internal sealed class SimDb(World world, Lane lane, Db shared) : Db
{
    private Action? _armed;

    public override Dialect Dialect => shared.Dialect;

    /// <summary>Does something to the process just before one of its next writes.</summary>
    public void Arm(Action strike) => _armed = strike;

    public override ValueTask<long> Now(CancellationToken cancel = default) => shared.Now(cancel);

    public override Task<T> Read<T>(Func<Reader, Task<T>> body, CancellationToken cancel = default) => shared.Read(body, cancel);

    public override async Task<T> Write<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default)
    {
        await HoldUp();
        return await shared.Write(body, cancel);
    }

    public override async Task<T> WriteSerializable<T>(Func<Tx, Task<T>> body, CancellationToken cancel = default)
    {
        await HoldUp();
        return await shared.WriteSerializable(body, cancel);
    }

    // The store outlives the process.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task HoldUp()
    {
        if (_armed is { } strike && SynchronizationContext.Current == lane && world.Random.Next(3) == 0)
        {
            _armed = null;
            strike();
            await Task.Yield();
        }
    }
}
