using System.Security.Cryptography;
using Ciel.Core.Store;

namespace Ciel.Core.Trust;

/// <summary>
/// The store's keys, each wrapped under the root key. A new key is used for sealing only once every controller had the time to
/// learn of it; an unknown number makes the ring look again, at most once a second.
/// </summary>
/// <param name="db">The store.</param>
/// <param name="root">The keys that wrap them.</param>
/// <param name="secrets">Makes keys.</param>
/// <param name="time">Counts the second between two looks.</param>
public sealed class KeyRing(Db db, RootKeys root, ISecrets secrets, TimeProvider time)
{
    /// <summary>Seals tokens.</summary>
    internal const string Tokens = "token";

    /// <summary>Seals secrets at rest.</summary>
    internal const string Secrets = "secret";

    private static readonly long Learning = (long)TimeSpan.FromSeconds(5).TotalMicroseconds;
    private volatile IReadOnlyList<DataKey> _keys = [];
    private long _looked = long.MinValue;

    internal static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("trust", 1,
        [
            """
            CREATE TABLE trust_key (
                number bigint NOT NULL PRIMARY KEY,
                purpose text NOT NULL,
                created_at bigint NOT NULL,
                root_id text NOT NULL,
                wrapped bytea NOT NULL)
            """,
            "CREATE TABLE trust_revision (scope text NOT NULL PRIMARY KEY, n bigint NOT NULL)",
        ]),
    ];

    /// <summary>Makes a new key for secrets at rest; what was sealed before stays readable.</summary>
    /// <returns>The new key's number.</returns>
    public async Task<long> Rotate(CancellationToken cancel = default)
    {
        await Add(Secrets, newerThan: long.MaxValue, cancel);
        return _keys.Max(k => k.Number);
    }

    /// <summary>Wraps every key under the newest root key, so that older root keys can be forgotten.</summary>
    public async Task WrapAgain(RootKeys newest, CancellationToken cancel = default)
    {
        await Look(cancel);
        await db.Write(
            async tx =>
            {
                foreach (var key in _keys)
                {
                    await tx.Execute(
                        "UPDATE trust_key SET root_id = @rootId, wrapped = @wrapped WHERE number = @Number",
                        new { rootId = newest.Newest, wrapped = key.Wrapped(newest, secrets), key.Number });
                }
            },
            cancel);
    }

    /// <summary>The key to seal with now, not older than a span; makes one where there is none.</summary>
    internal async ValueTask<DataKey> Current(string purpose, long now, TimeSpan oldest, CancellationToken cancel = default)
    {
        var freshest = now - (oldest == TimeSpan.MaxValue ? long.MaxValue / 2 : (long)oldest.TotalMicroseconds);
        if (!_keys.Any(k => k.Purpose == purpose && k.CreatedAt > freshest))
        {
            await Add(purpose, freshest, cancel);
        }

        var mine = _keys.Where(k => k.Purpose == purpose).ToArray();
        return mine.Where(k => k.CreatedAt + Learning <= now).MaxBy(k => k.Number) ?? mine.MinBy(k => k.Number)!;
    }

    /// <summary>A key by number; null where there is none.</summary>
    internal async ValueTask<DataKey?> Find(long number, CancellationToken cancel = default)
    {
        if (Known(number) is { } known)
        {
            return known;
        }

        var stamp = time.GetTimestamp();
        if (_looked != long.MinValue && time.GetElapsedTime(_looked, stamp) < TimeSpan.FromSeconds(1))
        {
            return null;
        }

        await Look(cancel);
        _looked = stamp;
        return Known(number);
    }

    /// <summary>Removes token keys made before an instant; the newest stays.</summary>
    internal async Task Forget(string purpose, long before, CancellationToken cancel = default)
    {
        await db.Write(
            tx => tx.Execute(
                """
                DELETE FROM trust_key WHERE purpose = @purpose AND created_at < @before
                AND number < (SELECT MAX(number) FROM trust_key WHERE purpose = @purpose)
                """,
                new { purpose, before }),
            cancel);
        await Look(cancel);
    }

    private DataKey? Known(long number)
    {
        foreach (var key in _keys)
        {
            if (key.Number == number)
            {
                return key;
            }
        }

        return null;
    }

    private async Task Add(string purpose, long newerThan, CancellationToken cancel)
    {
        var fresh = new byte[32];
        secrets.Fill(fresh);
        await db.WriteSerializable(tx => Insert(tx, purpose, newerThan, fresh), cancel);
        CryptographicOperations.ZeroMemory(fresh);
        await Look(cancel);
    }

    private async Task<bool> Insert(Tx tx, string purpose, long newerThan, byte[] fresh)
    {
        if (await tx.Scalar<long>("SELECT COUNT(*) FROM trust_key WHERE purpose = @purpose AND created_at > @newerThan", new { purpose, newerThan }) > 0)
        {
            return false;
        }

        var number = await tx.Scalar<long>("SELECT COALESCE(MAX(number), 0) + 1 FROM trust_key");
        var wrapped = root.Wrap(fresh, DataKey.About(number, purpose, tx.Now), secrets);
        await tx.Execute(
            "INSERT INTO trust_key (number, purpose, created_at, root_id, wrapped) VALUES (@number, @purpose, @now, @rootId, @wrapped)",
            new { number, purpose, now = tx.Now, rootId = root.Newest, wrapped });
        return true;
    }

    private async Task Look(CancellationToken cancel)
    {
        var rows = await db.Read(r => r.Query<Row>("SELECT * FROM trust_key ORDER BY number"), cancel);
        _keys = [.. rows.Select(r => Known(r.Number) ?? new DataKey(
            r.Number, r.Purpose, r.CreatedAt, root.Unwrap(r.RootId, r.Wrapped, DataKey.About(r.Number, r.Purpose, r.CreatedAt))))];
    }

    private sealed record Row(long Number, string Purpose, long CreatedAt, string RootId, byte[] Wrapped);
}
