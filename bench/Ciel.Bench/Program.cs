using System.Text.Json;
using Ciel.Bench;
using Ciel.Bench.Billing;
using Ciel.Bench.Objects;

// ciel-bench NAME [--json] [--only PART-OF-A-NAME] [--longer TIMES] [--postgres CONNECTION] [--accounts MANY]
if (args is ["bare", "--port", var port])
{
    await StartBenchmark.Bare(port);
    return 0;
}

if (args is [BillingBenchmark.Verb, var what, var path])
{
    return await BillingBenchmark.Child(what, path);
}

Benchmark[] benchmarks = [new StoreBenchmark(), new TokensBenchmark(), new StartBenchmark(), new CreateBenchmark(), new BlobsBenchmark(), new ObjectsBenchmark(Option("--only"), int.Parse(Option("--longer") ?? "1"), Option("--postgres")), new BillingBenchmark(Option("--accounts") is { } accounts ? int.Parse(accounts) : null)];
var benchmark = benchmarks.FirstOrDefault(b => args.Contains(b.Name));
if (benchmark is null)
{
    Console.Error.WriteLine($"ciel-bench NAME [--json], where NAME is one of: {string.Join(", ", benchmarks.Select(b => b.Name))}");
    return 2;
}

var figures = new List<Figure>();
await foreach (var figure in benchmark.Run())
{
    figures.Add(figure);
    if (!args.Contains("--json")) Console.WriteLine($"{figure.What,-40} {figure.Median,10:N0} {figure.Unit,-10} ({figure.Least:N0} to {figure.Most:N0}){(figure.Cpu is { } cpu ? $", {cpu:N3} ms CPU" : "")}");
}

if (args.Contains("--json")) Console.WriteLine(JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
return 0;

string? Option(string name) => args.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
