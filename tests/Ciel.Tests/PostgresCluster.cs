using System.Diagnostics;
using Npgsql;

namespace Ciel.Tests;

/// <summary>
/// A throw-away PostgreSQL for this test run: no TCP, no fsync, English collation (so that a forgotten COLLATE shows). Its shell waits
/// on our pipe: when this process ends, however it ends, the server stops and its directory goes.
/// </summary>
internal sealed class PostgresCluster
{
    private const string Script =
        """
        set -e
        cd "$0"
        trap 'rm -rf "$0"' EXIT
        initdb --no-sync --no-instructions -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US >init.log
        postgres -D data -k "$0" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
          -c max_connections=500 -c shared_buffers=64MB -c deadlock_timeout=50ms >server.log 2>&1 &
        server=$!
        cat >/dev/null
        kill -INT "$server"
        wait "$server"
        """;

    private static readonly Lazy<Task<PostgresCluster>> Started = new(Start);
    private readonly string directory;
    private readonly Process shell;
    private int databases;

    private PostgresCluster(string directory, Process shell) => (this.directory, this.shell) = (directory, shell);

    public static Task<PostgresCluster> Shared => Started.Value;

    public async Task<string> CreateDatabase()
    {
        var name = $"t{Interlocked.Increment(ref databases)}";
        await Run($"CREATE DATABASE {name}");
        return Connection(name);
    }

    public Task DropDatabase(string connection) =>
        Run($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connection).Database} WITH (FORCE)");

    private static async Task<PostgresCluster> Start()
    {
        var directory = Directory.CreateTempSubdirectory("ciel-pg-").FullName;
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true };
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            using var own = Process.Start("chown", ["postgres:postgres", directory]);
            await own.WaitForExitAsync();
            start.FileName = "setpriv";
            foreach (var word in (string[])["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]) start.ArgumentList.Add(word);
        }

        foreach (var word in (string[])["-c", Script, directory]) start.ArgumentList.Add(word);
        start.Environment["PATH"] = $"/usr/lib/postgresql/15/bin:{Environment.GetEnvironmentVariable("PATH")}";
        var cluster = new PostgresCluster(directory, Process.Start(start)!);
        await cluster.UntilReady();
        return cluster;
    }

    private async Task UntilReady()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await Run("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (attempt < 600 && !shell.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    private string Connection(string database) => $"Host={directory};Username=postgres;Database={database};Timeout=60;Command Timeout=60";

    private async Task Run(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Connection("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
