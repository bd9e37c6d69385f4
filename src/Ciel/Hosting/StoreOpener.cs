using Ciel.Core.Store;

namespace Ciel.Hosting;

/// <summary>Opens the store that the options name.</summary>
internal static class StoreOpener
{
    public static Db Open(CielOptions options, Setting setting) => options.Postgres is { } connection
        ? PostgresDb.Open(connection, setting.Time, setting.Random)
        : SqliteDb.Open(Path.Combine(options.Data, "ciel.db"), setting.Time);
}
