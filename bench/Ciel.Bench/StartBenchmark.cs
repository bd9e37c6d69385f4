using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Bench;

/// <summary>From nothing to the first answer, and memory at rest: the whole program with a simulated node beside a bare Kestrel of one route.</summary>
internal sealed class StartBenchmark : Benchmark
{
    private const int Many = 7;

    public override string Name => "start";

    public override async IAsyncEnumerable<Figure> Run()
    {
        var ciel = new Series();
        var again = new Series();
        var bare = new Series();
        for (var i = 0; i < Many; i++)
        {
            var directory = Directory.CreateTempSubdirectory("ciel-bench-");
            string[] serve = ["serve", "--simulate", "1", "--name", "bench", "--data", directory.FullName + "/data", "--config", directory.FullName + "/etc"];
            await ciel.Take("ciel", serve, "--port-base", "/healthz");
            await again.Take("ciel", serve, "--port-base", "/healthz");
            await bare.Take("ciel-bench", ["bare"], "--port", "/");
            directory.Delete(recursive: true);
        }

        yield return bare.Start("bare Kestrel: start to first answer");
        yield return ciel.Start("Ciel: first start, with a new store");
        yield return again.Start("Ciel: start again");
        yield return bare.Memory("bare Kestrel: memory at rest");
        yield return ciel.Memory("Ciel: memory at rest");
    }

    /// <summary>The bare thing, as a process of its own: `ciel-bench bare --port N`.</summary>
    public static async Task Bare(string port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:" + port);
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        app.MapGet("/", (RequestDelegate)(http => http.Response.WriteAsync("ok")));
        await app.RunAsync();
    }

    private sealed class Series
    {
        private readonly List<double> _starts = [];
        private readonly List<double> _memory = [];

        public async Task Take(string program, string[] arguments, string portOption, string path)
        {
            var port = FreePort();
            var begun = Stopwatch.GetTimestamp();
            using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, program), [.. arguments, portOption, $"{port}"]) { RedirectStandardOutput = true })!;
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            while (!await Answers(client, path))
            {
                await Task.Delay(2);
            }

            _starts.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(1000);
            _memory.Add(ResidentMegabytes(process.Id));
            process.Kill();
            await process.WaitForExitAsync();
        }

        public Figure Start(string what) => new(what, Median(_starts), _starts.Max(), _starts.Min(), "ms");

        public Figure Memory(string what) => new(what, Median(_memory), _memory.Max(), _memory.Min(), "MB");

        private static double Median(List<double> all) => all.Order().ElementAt(all.Count / 2);

        private static double ResidentMegabytes(int pid) => long.Parse(
            File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024.0;

        private static async Task<bool> Answers(HttpClient client, string path)
        {
            try
            {
                using var answer = await client.GetAsync(path);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
