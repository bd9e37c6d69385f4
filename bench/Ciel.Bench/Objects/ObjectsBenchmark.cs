using System.Collections.Concurrent;

namespace Ciel.Bench.Objects;

/// <summary>
/// S3 over its door, the program being a process of its own: durable puts beside plain files that are written and synced, gets beside nginx
/// with the same bytes, listings of a small and of a large bucket; CPU of the server for each operation, and its memory.
/// </summary>
/// <param name="only">Measures only what has this in its name; null for all.</param>
/// <param name="longer">How many times longer each turn takes, for a profiler.</param>
/// <param name="postgres">An Npgsql connection string of an empty database; null for SQLite.</param>
internal sealed class ObjectsBenchmark(string? only, int longer, string? postgres) : Benchmark
{
    private const int Many = 1_000_000;
    private static readonly int[] Callers = [1, 8, 32];
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);
    private static readonly (int Size, string Name, int Rounds, double Turn)[] Sizes = [(4 << 10, "4 KiB", 9, 0.5), (1 << 20, "1 MiB", 9, 0.5), (64 << 20, "64 MiB", 3, 2)];

    public override string Name => "objects";

    public override async IAsyncEnumerable<Figure> Run()
    {
        var directory = Directory.CreateTempSubdirectory("ciel-bench-").FullName;
        var (server, account) = await Server.Ciel(directory, postgres is null ? [] : ["--postgres", postgres]);
        await using (server)
        {
            yield return new Figure("memory at rest", server.Resident, server.Resident, server.Resident, "MB");
            var clients = new Clients(account);
            await clients.Ask("PUT", "/bench");
            foreach (var (size, name, rounds, turn) in Sizes)
            {
                await foreach (var figure in Measure(server, rounds, turn, [.. Callers.SelectMany(c => Puts(directory, server, clients, size, name, c))])) yield return figure;
            }

            await foreach (var figure in Reads(directory, server, clients)) yield return figure;
            await foreach (var figure in Lists(directory, server, clients)) yield return figure;
            yield return new Figure("memory after all", server.Resident, server.Resident, server.Resident, "MB");
        }

        Directory.Delete(directory, recursive: true);
    }

    // Nothing is removed between the turns: all files and all objects are new ones, and stay.
    private static IEnumerable<Contestant> Puts(string directory, Server server, Clients clients, int size, string name, int callers)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        Directory.CreateDirectory(directory + "/plain");
        yield return new Contestant($"file of {name} written and synced, {callers}", "files/s", callers, n =>
        {
            using var file = File.OpenHandle($"{directory}/plain/{size}-{callers}-{n}", FileMode.CreateNew, FileAccess.Write);
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
            return Task.CompletedTask;
        });
        yield return new Contestant($"PUT {name}, {callers}", "puts/s", callers, n => clients.Ask("PUT", $"/bench/put-{size}-{callers}/{n}", "", content)) { Server = server };
    }

    private async IAsyncEnumerable<Figure> Reads(string directory, Server server, Clients clients)
    {
        var nginx = await Server.Nginx(directory);
        await using var beside = nginx?.Server;
        var contestants = new List<Contestant>();
        foreach (var (size, name, _, _) in Sizes)
        {
            var content = new byte[size];
            new Random(size).NextBytes(content);
            await File.WriteAllBytesAsync($"{directory}/get-{size}", content);
            await clients.Ask("PUT", $"/bench/get-{size}", "", content);
            foreach (var callers in Callers)
            {
                if (nginx is var (process, account))
                {
                    var bare = new Clients(account);
                    contestants.Add(new Contestant($"nginx GET {name}, {callers}", "gets/s", callers, _ => bare.Ask("GET", $"/get-{size}")) { Server = process });
                }

                contestants.Add(new Contestant($"GET {name}, {callers}", "gets/s", callers, _ => clients.Ask("GET", $"/bench/get-{size}")) { Server = server });
            }
        }

        contestants.AddRange(Callers.Select(c => new Contestant($"HEAD, {c}", "heads/s", c, _ => clients.Ask("HEAD", $"/bench/get-{Sizes[0].Size}")) { Server = server }));
        await foreach (var figure in Measure(server, 7, 1, contestants)) yield return figure;
    }

    private async IAsyncEnumerable<Figure> Lists(string directory, Server server, Clients clients)
    {
        var contestants = new List<Contestant>();
        foreach (var (bucket, keys) in ((string, int)[])[("small", 1000), ("large", Many)])
        {
            if (only is not null && !$"LIST 1,000 of {keys:N0}".Contains(only, StringComparison.Ordinal)) continue;
            await clients.Ask("PUT", "/" + bucket);
            await clients.Ask("PUT", $"/{bucket}/template", "", new byte[100]);
            Keys.Fill(directory + "/data", postgres, bucket, keys);
            await clients.Ask("DELETE", $"/{bucket}/template");
            contestants.AddRange(Callers.Select(c => new Contestant($"LIST 1,000 of {keys:N0}, {c}", "lists/s", c, n => clients.Ask("GET", "/" + bucket, "list-type=2&max-keys=1000" + After(keys, n))) { Server = server }));
        }

        await foreach (var figure in Measure(server, 7, 1, contestants)) yield return figure;
    }

    // Anywhere in the large one.
    private static string After(int keys, long n) => keys == Many ? $"&start-after=dir{n % 100}%2Fkey-{n * 7919 % Many}" : "";

    private async IAsyncEnumerable<Figure> Measure(Server server, int rounds, double turn, IReadOnlyList<Contestant> contestants)
    {
        var chosen = contestants.Where(c => only is null || c.What.Contains(only, StringComparison.Ordinal)).ToList();
        if (chosen.Count == 0) yield break;
        // For its first thousands of requests the runtime compiles beside them what is asked often: no cost of a server that runs for months.
        foreach (var contestant in chosen.Where(c => c.Server == server && c.Callers == Callers[^1])) await contestant.Rate(Warm);
        server.ForgetPeak();
        await foreach (var figure in Rounds.Run(chosen, rounds, TimeSpan.FromSeconds(turn * longer))) yield return figure;
        yield return new Figure("most memory in these", server.Peak, server.Peak, server.Peak, "MB");
    }

    /// <summary>Connections, each to one caller at a time.</summary>
    private sealed class Clients(S3Account account)
    {
        private readonly ConcurrentBag<S3Wire> _idle = [];

        public async Task<long> Ask(string method, string path, string query = "", ReadOnlyMemory<byte> body = default)
        {
            var wire = _idle.TryTake(out var idle) ? idle : new S3Wire(account);
            var got = await wire.Ask(method, path, query, body);
            _idle.Add(wire);
            return got;
        }
    }
}
