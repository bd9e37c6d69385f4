using System.Collections.Concurrent;
using Ciel.Core.Store;

namespace Ciel.Core.Trust;

/// <summary>
/// Caches what rarely changes and must be seen at once when it does. Each scope has a revision in the store, which the writing
/// transaction counts up: this controller drops what it cached as that commits, others within a second. A controller that could not look for
/// five seconds refuses rather than answer by old facts.
/// </summary>
/// <param name="db">The store.</param>
/// <param name="time">Counts the time between two looks.</param>
public sealed class RevisionCache(Db db, TimeProvider time)
{
    private const int MostEntries = 20_000;
    private static readonly TimeSpan LookAhead = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookNow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Refuse = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Scope> _scopes = new();
    private readonly Lock _lock = new();
    private Task? _looking;
    private volatile Look? _last;

    /// <summary>The store's clock, µs UTC, without asking it each time: its answer at the last look plus what has passed since.</summary>
    public async ValueTask<long> Now()
    {
        var look = await Fresh();
        return look.Clock + (long)time.GetElapsedTime(look.Stamp).TotalMicroseconds;
    }

    /// <summary>Counts a scope's revision up, within the transaction that changes what is cached under it.</summary>
    public async Task Bump(Tx tx, string scope)
    {
        var n = await tx.Scalar<long>(
            "INSERT INTO trust_revision (scope, n) VALUES (@scope, 1) ON CONFLICT (scope) DO UPDATE SET n = trust_revision.n + 1 RETURNING n",
            new { scope });
        tx.AfterCommit(() => Of(scope).Raise(n));
    }

    /// <summary>What is cached under a key, loaded where it is not, or where the scope has moved on.</summary>
    /// <exception cref="StoreBusyException">The store could not be asked for five seconds.</exception>
    public async ValueTask<T> Get<T>(string scope, object key, Func<Reader, Task<T>> load)
    {
        await Fresh();
        var place = Of(scope);
        var revision = place.Revision;
        if (place.Entries.TryGetValue(key, out var entry) && entry.Revision == revision)
        {
            return (T)entry.Value!;
        }

        var value = await db.Read(load);
        if (place.Entries.Count >= MostEntries)
        {
            place.Entries.Clear();
        }

        place.Entries[key] = new Entry(revision, value);
        return value;
    }

    private Scope Of(string scope) => _scopes.GetOrAdd(scope, _ => new Scope());

    private async ValueTask<Look> Fresh()
    {
        var last = _last;
        var age = last is null ? TimeSpan.MaxValue : time.GetElapsedTime(last.Stamp);
        if (last is not null && age < LookAhead)
        {
            return last;
        }

        var looking = Looking();
        if (last is not null && age < LookNow)
        {
            return last;
        }

        try
        {
            await looking;
            return _last!;
        }
        catch (Exception) when (last is not null && age < Refuse)
        {
            return last;
        }
        catch (Exception e) when (e is not StoreBusyException)
        {
            throw new StoreBusyException("the store could not be asked what has changed", e);
        }
    }

    private Task Looking()
    {
        lock (_lock)
        {
            return _looking is { IsCompleted: false } ? _looking : _looking = LookUp();
        }
    }

    private async Task LookUp()
    {
        var stamp = time.GetTimestamp();
        var clock = await db.Now();
        var rows = await db.Read(r => r.Query<(string Scope, long N)>("SELECT scope, n FROM trust_revision"));
        foreach (var (scope, n) in rows)
        {
            Of(scope).Raise(n);
        }

        _last = new Look(stamp, clock);
    }

    private sealed record Look(long Stamp, long Clock);

    private sealed record Entry(long Revision, object? Value);

    private sealed class Scope
    {
        private long _revision;

        public ConcurrentDictionary<object, Entry> Entries { get; } = new();

        public long Revision => Interlocked.Read(ref _revision);

        public void Raise(long n)
        {
            var seen = Revision;
            while (seen < n)
            {
                var was = Interlocked.CompareExchange(ref _revision, n, seen);
                if (was == seen)
                {
                    return;
                }

                seen = was;
            }
        }
    }
}
