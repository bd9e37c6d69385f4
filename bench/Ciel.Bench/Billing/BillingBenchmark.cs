using System.Diagnostics;
using System.Globalization;

namespace Ciel.Bench.Billing;

/// <summary>A month of many customers, from the ledger to issued invoices, beside SQLite that reads the same rows and adds them up.</summary>
/// <param name="accounts">How many accounts; null for 1,000 and then 10,000.</param>
internal sealed class BillingBenchmark(int? accounts) : Benchmark
{
    public const string Verb = "rating-run";

    public override string Name => "billing";

    public static async Task<int> Child(string what, string path) => what == "bare" ? RatingRun.Bare(path) : await RatingRun.Invoices(path);

    public override async IAsyncEnumerable<Figure> Run()
    {
        foreach (var many in accounts is { } one ? [one] : (int[])[1_000, 10_000])
        {
            var directory = Directory.CreateTempSubdirectory("ciel-bench-");
            try
            {
                var path = Path.Combine(directory.FullName, "ciel.db");
                await RatingRun.Make(path);
                ManySpans.Fill(path, many);
                var spans = (double)many * ManySpans.Each;
                await Pass("bare", path);
                var bare = await Pass("bare", path);
                yield return One($"bare SQLite reads and adds {spans:N0} spans", spans / bare.Seconds, "spans/s");
                yield return One("  at most", bare.Peak, "MiB");
                var rated = await Pass("invoices", path);
                if (rated.Count != many) throw new InvalidOperationException($"{rated.Count} invoices for {many} accounts");
                yield return One($"{spans:N0} spans to {many:N0} invoices", spans / rated.Seconds, "spans/s");
                yield return One("  in all", rated.Seconds, "s");
                yield return One("  of which CPU", rated.Cpu, "s");
                yield return One("  at most", rated.Peak, "MiB");
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }
    }

    private static Figure One(string what, double value, string unit) => new(what, value, value, value, unit);

    private static async Task<(double Seconds, long Count, long Peak, double Cpu)> Pass(string what, string path)
    {
        using var child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Verb, what, path]) { RedirectStandardOutput = true })!;
        var said = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return said.Trim().Split(' ') is [var seconds, var count, var peak, var cpu] && child.ExitCode == 0
            ? (double.Parse(seconds, CultureInfo.InvariantCulture), long.Parse(count, CultureInfo.InvariantCulture), long.Parse(peak, CultureInfo.InvariantCulture), double.Parse(cpu, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{what} ended with {child.ExitCode}: {said}");
    }
}
