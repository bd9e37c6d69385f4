using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;
using Ciel.Core.Host;
using Ciel.Core.Store;
using Ciel.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests;

/// <summary>
/// A whole controller for one test: real Kestrel at port 0, its own data directory and database, nodes as given (default: one
/// simulated node).
/// </summary>
internal sealed class TestCloud : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly IAsyncDisposable? _database;

    private TestCloud(CielHost host, DirectoryInfo directory, IAsyncDisposable? database)
    {
        (Host, _directory, _database) = (host, directory, database);
        Client = new HttpClient { BaseAddress = host.Url };
    }

    public CielHost Host { get; }

    public HttpClient Client { get; }

    public Db Db => Host.Parts.GetRequiredService<Db>();

    public static Task<TestCloud> Start(string kind = "sqlite", params IReadOnlyList<NodeMaker> nodes) => Start(kind, options => options, nodes);

    public static async Task<TestCloud> Start(string kind, Func<CielOptions, CielOptions> change, params IReadOnlyList<NodeMaker> nodes)
    {
        var directory = TestDirectory.Create("ciel-cloud-");
        var database = kind == "sqlite" ? null : await TestStore.Open(kind);
        var options = new CielOptions
        {
            Name = "test",
            Data = Path.Combine(directory.FullName, "data"),
            Config = Path.Combine(directory.FullName, "config"),
            PortBase = 0,
            Postgres = database?.Place,
        };
        var setting = new Setting(TimeProvider.System, new Random(1), new SystemSecrets());
        var host = await CielHost.Start(change(options), setting, nodes.Count > 0 ? nodes : [Simulated], CancellationToken.None);
        return new TestCloud(host, directory, database);
    }

    /// <summary>A token of the admin, scoped to the project admin.</summary>
    public Task<string> AdminToken() => Token("admin", File.ReadAllText(Path.Combine(_directory.FullName, "config", "admin-password")).Trim(), "admin");

    /// <summary>A token by names in the domain Default.</summary>
    public async Task<string> Token(string user, string password, string? project = null)
    {
        object auth = project is null
            ? new { identity = Password(user, password) }
            : new { identity = Password(user, password), scope = new { project = new { name = project, domain = new { id = "default" } } } };
        using var answer = await Client.PostAsJsonAsync("/identity/v3/auth/tokens", new { auth });
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("X-Subject-Token").Single();
    }

    /// <summary>A project with a member of its own: its id, and the member's token.</summary>
    public async Task<(string ProjectId, string Token)> Tenant(string name, string role = "member")
    {
        var admin = await AdminToken();
        var project = await Send(HttpMethod.Post, "/identity/v3/projects", admin, new { project = new { name } });
        var user = await Send(HttpMethod.Post, "/identity/v3/users", admin, new { user = new { name, password = "a long secret of " + name } });
        var roles = await Send(HttpMethod.Get, "/identity/v3/roles?name=" + role, admin);
        var projectId = project.GetProperty("project").GetProperty("id").GetString()!;
        await Send(
            HttpMethod.Put,
            $"/identity/v3/projects/{projectId}/users/{user.GetProperty("user").GetProperty("id").GetString()}/roles/{roles.GetProperty("roles")[0].GetProperty("id").GetString()}",
            admin);
        return (projectId, await Token(name, "a long secret of " + name, name));
    }

    /// <summary>Sends and reads JSON; fails on an answer that is no success.</summary>
    public async Task<JsonElement> Send(HttpMethod method, string path, string? token, object? body = null, string? microversion = null)
    {
        using var answer = await Raw(method, path, token, body, microversion);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>Sends, whatever the answer.</summary>
    public async Task<HttpResponseMessage> Raw(HttpMethod method, string path, string? token, object? body = null, string? microversion = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Add("X-Auth-Token", token);
        }

        if (microversion is not null)
        {
            request.Headers.Add("OpenStack-API-Version", "compute " + microversion);
        }

        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            _ => JsonContent.Create(body),
        };
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    private static object Password(string user, string password) =>
        new { methods = (string[])["password"], password = new { user = new { name = user, password, domain = new { id = "default" } } } };

    private static Task<IAgent> Simulated(IController controller, CancellationToken cancel) =>
        Task.FromResult<IAgent>(new SimulatedAgent(new SimulatedAgentOptions { Node = "sim-1" }, () => controller, TimeProvider.System, new Random(1)));
}
