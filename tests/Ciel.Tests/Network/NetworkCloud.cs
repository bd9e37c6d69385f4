using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Host;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Ledger;
using Ciel.Core.Policy;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Services.Network;
using Ciel.Services.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.Tests.Network;

/// <summary>
/// The network service alone on real Kestrel and a real database, with one simulated node. A token is a project's name: <c>admin</c>,
/// <c>alice</c>, <c>bob</c>…; <c>alice:reader</c> may only look.
/// </summary>
internal sealed class NetworkCloud : IAsyncDisposable
{
    public const string Node = "node-1";
    private readonly WebApplication _app;
    private readonly TestStore _store;
    private readonly CancellationTokenSource _stop = new();
    private Task _engine = Task.CompletedTask;

    private NetworkCloud(WebApplication app, TestStore store) => (_app, _store) = (app, store);

    public HttpClient Client { get; private set; } = new();

    public Db Db => _store.Db;

    public INetworks Networks => _app.Services.GetRequiredService<INetworks>();

    public IServiceProvider Parts => _app.Services;

    public RecordingAgent Agent { get; private set; } = null!;

    /// <param name="kind">The database.</param>
    /// <param name="keepers">Whether keepers work.</param>
    /// <param name="dress">What a test puts around each keeper.</param>
    public static async Task<NetworkCloud> Start(string kind, bool keepers = true, Func<Keeper, Keeper>? dress = null)
    {
        var modules = new IServiceModule[] { new NodesModule(), new NetworkModule() };
        var store = await TestStore.Open(
            kind, [.. KeeperBook.Migrations, .. UsageLedger.Migrations, .. AuditLog.Migrations, .. QuotaBook.Migrations, .. modules.SelectMany(m => m.Migrations)]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(store.Db).AddSingleton(TimeProvider.System).AddSingleton<ISecrets, SystemSecrets>();
        builder.Services.AddSingleton<Ids>().AddSingleton<KeeperBell>().AddSingleton<KeeperBook>();
        foreach (var module in modules)
        {
            module.Register(builder.Services);
        }

        var app = builder.Build();
        app.UseRouting();
        foreach (var module in modules)
        {
            module.Map(app, door => new Routes(app, door, new NamedTokens(), app.Services.GetRequiredService<Ids>(), app.Services.GetRequiredService<ILogger<Routes>>()));
        }

        var cloud = new NetworkCloud(app, store);
        await cloud.Networks.Bootstrap("198.51.100.0/24", "admin", CancellationToken.None);
        await cloud.Begin(keepers, dress ?? (k => k));
        return cloud;
    }

    public static Actor ActorOf(string name, string role = Roles.Member) => new()
    {
        UserId = "user-" + name,
        UserName = name,
        UserDomainId = "default",
        ProjectId = name,
        RoleNames = name == "admin" ? new HashSet<string> { Roles.Admin, Roles.Manager, Roles.Member, Roles.Reader }
            : role == Roles.Member ? new HashSet<string> { Roles.Member, Roles.Reader } : new HashSet<string> { Roles.Reader },
    };

    public async Task<(int Status, JsonElement Body)> Try(HttpMethod method, string path, string token, object? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, "/network/v2.0/" + path);
        request.Headers.Add("X-Auth-Token", token);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        request.Content = body switch { null => null, HttpContent content => content, _ => JsonContent.Create(body) };
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    /// <summary>Sends and answers the body; fails on an answer that is no success.</summary>
    public async Task<JsonElement> Send(HttpMethod method, string path, string token, object? body = null)
    {
        var (status, json) = await Try(method, path, token, body);
        (status is >= 200 and < 300).ShouldBeTrue($"{method} {path}: {status} {(json.ValueKind == JsonValueKind.Undefined ? "" : json.GetRawText())}");
        return json;
    }

    /// <summary>Makes one and answers it: the value of the one property of the answer.</summary>
    public async Task<JsonElement> Make(string token, string path, object attributes)
    {
        var name = path.Replace('-', '_').Split('/')[^1];
        name = name == "rbac_policies" ? "rbac_policy" : name[..^1];
        return (await Send(HttpMethod.Post, path, token, new Dictionary<string, object> { [name] = attributes })).GetProperty(name);
    }

    public async Task<JsonElement> Get(string token, string path) => (await Send(HttpMethod.Get, path, token)).EnumerateObject().First().Value;

    /// <summary>The answer's status and Neutron's name of the fault.</summary>
    public async Task<(int Status, string Type)> Fails(HttpMethod method, string path, string token, object? body = null)
    {
        var (status, json) = await Try(method, path, token, body);
        status.ShouldBeGreaterThanOrEqualTo(400, $"{method} {path}: {(json.ValueKind == JsonValueKind.Undefined ? "" : json.GetRawText())}");
        return (status, json.GetProperty("NeutronError").GetProperty("type").GetString()!);
    }

    /// <summary>A network with a subnet.</summary>
    public async Task<(string Network, string Subnet)> Lan(string token, string cidr = "10.0.0.0/24", object? more = null)
    {
        var network = (await Make(token, "networks", new { name = "lan" })).Id();
        var subnet = await Make(token, "subnets", more ?? new { network_id = network, cidr, ip_version = cidr.Contains(':') ? 6 : 4 });
        return (network, subnet.Id());
    }

    /// <summary>The public network's id.</summary>
    public async Task<string> Public() => (await Get("admin", "networks?name=public"))[0].Id();

    /// <summary>Waits until the condition holds; fails after a long while.</summary>
    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; i < 2400; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException(what);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _stop.CancelAsync();
        await _engine;
        await _app.DisposeAsync();
        await _store.DisposeAsync();
        _stop.Dispose();
    }

    private async Task Begin(bool keepers, Func<Keeper, Keeper> dress)
    {
        var parts = _app.Services;
        Agent = new RecordingAgent(new SimulatedAgent(
            new SimulatedAgentOptions { Node = Node }, parts.GetRequiredService<IController>, TimeProvider.System, new Random(1)));
        await parts.GetRequiredService<INodeChannels>().Attach(Agent, CancellationToken.None);
        if (keepers)
        {
            _engine = new KeeperEngine(
                Db,
                parts.GetRequiredService<KeeperBell>(),
                parts.GetServices<Keeper>().Select(dress),
                TimeProvider.System,
                new Random(1),
                parts.GetRequiredService<ILogger<KeeperEngine>>(),
                new KeeperEngineOptions()).Run(_stop.Token);
        }

        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    private sealed class NamedTokens : IAuthenticator
    {
        public ValueTask<Actor> Authenticate(HttpContext http)
        {
            var token = (string?)http.Request.Headers["X-Auth-Token"] ?? throw Fault.Unauthorized();
            var parts = token.Split(':');
            return new(ActorOf(parts[0], parts.Length > 1 ? parts[1] : Roles.Member));
        }
    }
}
