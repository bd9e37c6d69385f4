using System.Diagnostics;
using System.Globalization;
using Ciel.Core;
using Ciel.Core.Host;
using Ciel.Core.Http.Egress;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Billing;
using Ciel.Services.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Bench.Billing;

/// <summary>One pass over the ledger in a process of its own, so that its memory is its own: it prints seconds, what it came to, the most MiB it held and its CPU seconds.</summary>
internal static class RatingRun
{
    /// <summary>Reads the rows that billing reads with SQLite alone, and adds them up.</summary>
    public static int Bare(string path)
    {
        var clock = Stopwatch.StartNew();
        using var connection = ManySpans.Open(path);
        using var command = new SqliteCommand("SELECT meter, project_id, resource_id, quantity, unit, attributes, opened_at, closed_at FROM usage_span", connection);
        using var reader = command.ExecuteReader();
        var (sum, rows) = (Int128.Zero, 0L);
        while (reader.Read())
        {
            (_, _, _, _, _) = (reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(4), reader.GetString(5));
            sum += (Int128)reader.GetInt64(3) * (reader.GetInt64(7) - reader.GetInt64(6));
            rows++;
        }

        return Say(clock, rows);
    }

    /// <summary>From the ledger to issued invoices, by the keepers that do it in a running cloud, two hours after the month's end.</summary>
    public static async Task<int> Invoices(string path)
    {
        var clock = Stopwatch.StartNew();
        var time = new Fixed(DateTimeOffset.UnixEpoch.AddMicroseconds(ManySpans.Month.To).AddHours(2));
        await using var db = SqliteDb.Open(path, time);
        await using var parts = Parts(db, time);
        var engine = new KeeperEngine(db, parts.GetRequiredService<KeeperBell>(), parts.GetServices<Keeper>(), time, new Random(1), NullLogger.Instance);
        while (await engine.RunOnce(CancellationToken.None))
        {
            // Each round claims as many accounts as run at once; the clock stands, so that nothing is due twice.
        }

        return Say(clock, await db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM billing_invoice")));
    }

    public static async Task Make(string path)
    {
        await using var db = SqliteDb.Open(path, TimeProvider.System);
        await Migrations.Apply(db, [.. TrustServices.Migrations, .. KeeperBook.Migrations, .. Core.Ledger.UsageLedger.Migrations, .. Core.Events.AuditLog.Migrations, .. new BillingModule().Migrations]);
        await using var parts = Parts(db, TimeProvider.System);
        await parts.GetRequiredService<IBillingStart>().Bootstrap(CancellationToken.None);
        await db.Write(tx => tx.Execute("DELETE FROM keeper"));
    }

    private static ServiceProvider Parts(Db db, TimeProvider time)
    {
        var services = new ServiceCollection();
        services.AddSingleton(db).AddSingleton(time).AddSingleton<ISecrets, SystemSecrets>().AddSingleton<Ids>().AddSingleton<KeeperBell>().AddSingleton<KeeperBook>().AddSingleton<IIdentity, Nobody>();
        services.AddEgress(new EgressOptions()).AddTrust(new TrustOptions { RootKeyPath = Path.Combine(Path.GetTempPath(), "ciel-bench-root.key") });
        new BillingModule().Register(services);
        return services.BuildServiceProvider();
    }

    private static int Say(Stopwatch clock, long count)
    {
        var peak = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds} {count} {long.Parse(peak, CultureInfo.InvariantCulture) / 1024} {Environment.CpuUsage.TotalTime.TotalSeconds}"));
        return 0;
    }

    private sealed class Fixed(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class Nobody : IIdentity
    {
        public Task<ProjectInfo?> Project(Reader reader, string projectId) => Task.FromResult<ProjectInfo?>(null);

        public Task<IReadOnlyList<ProjectInfo>> Projects(Reader reader) => Task.FromResult<IReadOnlyList<ProjectInfo>>([]);

        public Task SuspendProject(Tx tx, string projectId, string reason) => Task.CompletedTask;

        public Task ReleaseProject(Tx tx, string projectId) => throw new NotSupportedException();

        public Task ResumeProject(Tx tx, string projectId) => Task.CompletedTask;

        public Task Bootstrap(string adminPassword, CancellationToken cancel) => Task.CompletedTask;

        public Task SetPassword(string userName, string password, CancellationToken cancel) => Task.CompletedTask;
    }
}
