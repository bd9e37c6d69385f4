using System.Globalization;

namespace Ciel.Core.Store;

/// <summary>What the store says of itself.</summary>
public static class StoreMeta
{
    /// <summary>The store's own tables.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("store", 1,
        [
            "CREATE TABLE store_meta (key text NOT NULL PRIMARY KEY, value text NOT NULL)",
            "INSERT INTO store_meta (key, value) VALUES ('epoch', '1')",
        ]),
    ];

    /// <summary>The epoch that fences carry (first part of every fence).</summary>
    public static async Task<long> Epoch(Db db, CancellationToken cancel = default) => await db.Read(Epoch, cancel);

    /// <summary>
    /// Starts a new epoch, after a backup was restored, and answers it. It is above the old one and above every instant gone by, so
    /// that restoring the same backup twice never gives the same epoch.
    /// </summary>
    public static async Task<long> NewEpoch(Tx tx)
    {
        var epoch = Math.Max(await Epoch(tx) + 1, tx.Now);
        await tx.Execute("UPDATE store_meta SET value = @Value WHERE key = 'epoch'", new { Value = epoch.ToString(CultureInfo.InvariantCulture) });
        return epoch;
    }

    private static async Task<long> Epoch(Reader reader) =>
        long.Parse(await reader.First<string>("SELECT value FROM store_meta WHERE key = 'epoch'") ?? "0", CultureInfo.InvariantCulture);
}
