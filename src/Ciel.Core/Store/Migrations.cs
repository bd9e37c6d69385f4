namespace Ciel.Core.Store;

/// <summary>Brings the store's schema up to the program's.</summary>
public static class Migrations
{
    private const string VersionTable =
        "CREATE TABLE IF NOT EXISTS schema_version (owner text NOT NULL, number bigint NOT NULL, applied_at bigint NOT NULL, PRIMARY KEY (owner, number))";

    /// <summary>
    /// Applies what is missing, the store's own first and then in the given order, in one transaction: all or nothing. Two controllers that
    /// start at once wait for each other.
    /// </summary>
    /// <exception cref="ArgumentException">An owner's numbers do not run 1, 2, 3….</exception>
    /// <exception cref="StoreIsNewerException">The store has migrations that this program does not know.</exception>
    public static Task Apply(Db db, IEnumerable<Migration> migrations, CancellationToken cancel = default)
    {
        var all = StoreMeta.Migrations.Concat(migrations).ToList();
        RefuseGaps(all);
        return db.Write(tx => Apply(tx, all), cancel);
    }

    private static async Task Apply(Tx tx, List<Migration> all)
    {
        await tx.Dialect.LockSchema(tx);
        await tx.Execute(tx.Dialect.Ddl(VersionTable));
        var done = (await tx.Query<(string Owner, long Number)>("SELECT owner, number FROM schema_version ORDER BY owner, number")).ToHashSet();
        var unknown = done.Except(all.Select(m => (m.Owner, (long)m.Number))).ToList();
        if (unknown.Count > 0) throw new StoreIsNewerException(unknown);
        foreach (var migration in all.Where(m => !done.Contains((m.Owner, m.Number))))
        {
            foreach (var statement in migration.Statements) await tx.Execute(tx.Dialect.Ddl(statement));
            await tx.Execute(
                "INSERT INTO schema_version (owner, number, applied_at) VALUES (@Owner, @Number, @Now)",
                new { migration.Owner, migration.Number, tx.Now });
        }
    }

    private static void RefuseGaps(List<Migration> all)
    {
        var wrong = all.GroupBy(m => m.Owner).FirstOrDefault(g => !g.Select(m => m.Number).SequenceEqual(Enumerable.Range(1, g.Count())));
        if (wrong is not null) throw new ArgumentException($"{wrong.Key}: migrations number {string.Join(", ", wrong.Select(m => m.Number))}");
    }
}

/// <summary>The store was made by a newer program; this one would not know what its rows mean.</summary>
/// <param name="unknown">The migrations that this program does not know.</param>
public sealed class StoreIsNewerException(IEnumerable<(string Owner, long Number)> unknown)
    : Exception($"the store is newer than this program: {string.Join(", ", unknown.Select(m => $"{m.Owner} {m.Number}"))}; start the newer program, or restore a backup");
