using System.Net.Http.Json;
using Ciel.Core.Host;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Bench;

/// <summary>Tokens: sealing and opening by themselves, then issue and validation over HTTP beside a bare Kestrel that answers as many bytes.</summary>
internal sealed class TokensBenchmark : Benchmark
{
    public override string Name => "tokens";

    public override async IAsyncEnumerable<Figure> Run()
    {
        var directory = Directory.CreateTempSubdirectory("ciel-bench-");
        try
        {
            var options = new CielOptions { Name = "bench", Data = directory.FullName + "/data", Config = directory.FullName + "/config", PortBase = 0 };
            var setting = new Setting(TimeProvider.System, new Random(1), new SystemSecrets());
            await using var host = await CielHost.Start(options, setting, [], CancellationToken.None);
            await foreach (var figure in Rounds.Run(await Sealing(host))) yield return figure;
            using var client = new HttpClient { BaseAddress = host.Url };
            var password = (await File.ReadAllTextAsync(options.Config + "/admin-password")).Trim();
            var (token, size) = await Login(client, ByPassword(password));
            await using var bare = await Bare(size);
            using var bareClient = new HttpClient { BaseAddress = new Uri(bare.Urls.First()) };
            await foreach (var figure in Rounds.Run(OverHttp(client, bareClient, token, password))) yield return figure;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<List<Contestant>> Sealing(CielHost host)
    {
        var sealer = host.Parts.GetRequiredService<TokenSealer>();
        var now = await host.Parts.GetRequiredService<Db>().Now();
        var content = new TokenContent
        {
            AuditId = sealer.AuditId(),
            UserId = new string('a', 32),
            Scope = ScopeKind.Project,
            ScopeId = new string('b', 32),
            IssuedAt = now,
            ExpiresAt = now + 3_600_000_000,
        };
        var text = await sealer.Seal(content);
        return
        [
            new Contestant("token sealed, 1 caller", "tokens/s", 1, async _ => await sealer.Seal(content)),
            new Contestant("token opened, 1 caller", "tokens/s", 1, async _ => await sealer.Open(text)),
        ];
    }

    private static List<Contestant> OverHttp(HttpClient client, HttpClient bare, string token, string password) =>
    [
        new Contestant("bare Kestrel, as many bytes, 16 callers", "answers/s", 16, async _ => (await bare.GetAsync("/")).Dispose()),
        new Contestant("token validated over HTTP, 16 callers", "answers/s", 16, _ => Validate(client, token)),
        new Contestant("token issued for a token, 16 callers", "answers/s", 16, async _ => await Login(client, new { methods = (string[])["token"], token = new { id = token } })),
        new Contestant("token issued for a password, 4 callers", "answers/s", 4, async _ => await Login(client, ByPassword(password))),
    ];

    private static object ByPassword(string password) =>
        new { methods = (string[])["password"], password = new { user = new { name = "admin", domain = new { id = "default" }, password } } };

    private static async Task<(string Token, int Size)> Login(HttpClient client, object identity)
    {
        var scope = new { project = new { name = "admin", domain = new { id = "default" } } };
        using var answer = await client.PostAsJsonAsync("/identity/v3/auth/tokens", new { auth = new { identity, scope } });
        answer.EnsureSuccessStatusCode();
        return (answer.Headers.GetValues("X-Subject-Token").Single(), (int)answer.Content.Headers.ContentLength!);
    }

    private static async Task Validate(HttpClient client, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/identity/v3/auth/tokens") { Headers = { { "X-Auth-Token", token }, { "X-Subject-Token", token } } };
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<WebApplication> Bare(int size)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var bytes = new byte[size];
        app.UseRouting();
        app.MapGet("/", (RequestDelegate)(http =>
        {
            http.Response.ContentLength = bytes.Length;
            return http.Response.Body.WriteAsync(bytes).AsTask();
        }));
        await app.StartAsync();
        return app;
    }
}
