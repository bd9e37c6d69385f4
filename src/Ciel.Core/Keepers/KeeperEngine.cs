using Ciel.Core.Store;
using Microsoft.Extensions.Logging;

namespace Ciel.Core.Keepers;

/// <summary>How an engine works.</summary>
public sealed record KeeperEngineOptions
{
    /// <summary>How many keepers run at once.</summary>
    public int Width { get; init; } = 32;

    /// <summary>How long one turn may take before another controller may take over.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The store's epoch, for fences; a restore starts a new one before any engine runs.</summary>
    public long Epoch { get; init; }

    /// <summary>Whether commits are guarded by the lease; switched off only to show that the simulator notices.</summary>
    public bool Guarded { get; init; } = true;

    /// <summary>How often a shared store is looked at without a ring; null for the embedded one, where every wake rings.</summary>
    public TimeSpan? Poll { get; init; }
}

/// <summary>
/// Runs keepers: claims what is due, runs one step of each, commits. Any number of engines share a store. An idle engine costs
/// no query: it sleeps until the bell rings or the earliest keeper is due.
/// </summary>
public sealed partial class KeeperEngine
{
    private readonly Db _db;
    private readonly KeeperBell _bell;
    private readonly IReadOnlyDictionary<string, Keeper> _keepers;
    private readonly IReadOnlyList<string> _known;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _log;
    private readonly KeeperEngineOptions _options;
    private readonly HashSet<Task> _running = [];

    /// <summary>An engine for the given kinds.</summary>
    public KeeperEngine(Db db, KeeperBell bell, IEnumerable<Keeper> keepers, TimeProvider time, Random random, ILogger log, KeeperEngineOptions? options = null)
    {
        (_db, _bell, _time, _random, _log, _options) = (db, bell, time, random, log, options ?? new());
        _keepers = keepers.ToDictionary(k => k.Kind);
        _known = [.. _keepers.Values.SelectMany(k => k.Steps.Keys.SelectMany(s => VersionsOf(k).Select(v => $"{k.Kind}/{s}/{v}")))];
    }

    /// <summary>Ends the leases of a dead predecessor; only where this process is the store's one controller.</summary>
    public Task BreakLeases(CancellationToken cancel) => _db.Write(KeeperStore.BreakLeases, cancel);

    /// <summary>Works until cancelled, then waits for the turns under way.</summary>
    public async Task Run(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                var rung = _bell.Next();
                if (await ClaimAndStart(cancel) is { } idle)
                {
                    await Sleep(idle, rung, cancel);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Task.WhenAll(Snapshot());
        }
    }

    /// <summary>Claims and runs one batch to its end; whether there was anything. For tests and the simulator.</summary>
    public async Task<bool> RunOnce(CancellationToken cancel)
    {
        var claimed = await Claim(_options.Width, cancel);
        await Task.WhenAll(claimed.Rows.Select(r => TakeTurn(r, claimed.Now, cancel)));
        return claimed.Rows.Count > 0;
    }

    // Null where something was claimed, for there may be more; else how long there is nothing to do, rings apart.
    private async Task<TimeSpan?> ClaimAndStart(CancellationToken cancel)
    {
        var free = _options.Width - Snapshot().Length;
        if (free <= 0)
        {
            return Longest;
        }

        try
        {
            var claimed = await Claim(free, cancel);
            foreach (var row in claimed.Rows)
            {
                Track(TakeTurn(row, claimed.Now, cancel));
            }

            return claimed.Rows.Count > 0 ? null
                : claimed.Earliest is { } at && TimeSpan.FromMicroseconds(Math.Max(0, at - claimed.Now)) is var span && span < Longest ? span
                : Longest;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            LogClaimFailed(_log, e);
            return TimeSpan.FromSeconds(1);
        }
    }

    private TimeSpan Longest => _options.Poll ?? TimeSpan.FromHours(1);

    private async Task<Claimed> Claim(int most, CancellationToken cancel)
    {
        var now = await _db.Now(cancel);
        var earliest = await _db.Read(r => KeeperStore.Earliest(r, _known), cancel);
        if (earliest is null || earliest > now)
        {
            return new([], now, earliest);
        }

        var lease = (long)_options.Lease.TotalMicroseconds;
        return await _db.Write(async tx => new Claimed(await KeeperStore.Claim(tx, _known, most, tx.Now + lease), tx.Now, earliest), cancel);
    }

    private void Track(Task turn)
    {
        if (turn.IsCompleted)
        {
            _bell.Ring();
            return;
        }

        lock (_running)
        {
            _running.Add(turn);
        }

        turn.ContinueWith(
            done =>
            {
                lock (_running)
                {
                    _running.Remove(done);
                }

                _bell.Ring();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Current);
    }

    private Task[] Snapshot()
    {
        lock (_running)
        {
            return [.. _running];
        }
    }

    private async Task Sleep(TimeSpan idle, Task rung, CancellationToken cancel)
    {
        // The alarm rings the same bell, so that one wait does for all: a ring, the time, the end.
        using var alarm = _time.CreateTimer(_ => _bell.Ring(), null, idle + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        using var end = cancel.UnsafeRegister(_ => _bell.Ring(), null);
        await rung;
    }

    private static IEnumerable<long> VersionsOf(Keeper keeper)
    {
        for (var version = 1L; version <= keeper.FrameVersion; version++)
        {
            yield return version;
        }
    }

    private sealed record Claimed(List<KeeperRow> Rows, long Now, long? Earliest);

    [LoggerMessage(Level = LogLevel.Error, Message = "No keepers could be claimed; trying again")]
    private static partial void LogClaimFailed(ILogger log, Exception e);
}
