using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Services.Network;
using Ciel.Services.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Network;

/// <summary>The network service alone, with one simulated node.</summary>
internal sealed class NetworkCloud : IAsyncDisposable
{
    public const string Node = "node-1";
    private readonly SliceHost _host;

    private NetworkCloud(SliceHost host) => _host = host;

    public HttpClient Client => _host.Client;

    public Db Db => _host.Db;

    public INetworks Networks => Parts.GetRequiredService<INetworks>();

    public IServiceProvider Parts => _host.Parts;

    public RecordingAgent Agent { get; private set; } = null!;

    /// <param name="kind">The database.</param>
    /// <param name="keepers">Whether keepers work.</param>
    /// <param name="dress">What a test puts around each keeper.</param>
    public static async Task<NetworkCloud> Start(string kind, bool keepers = true, Func<Keeper, Keeper>? dress = null)
    {
        var cloud = new NetworkCloud(await SliceHost.Build(kind, [new NodesModule(), new NetworkModule()]));
        await cloud.Networks.Bootstrap("198.51.100.0/24", "admin", CancellationToken.None);
        cloud.Agent = new RecordingAgent(new SimulatedAgent(
            new SimulatedAgentOptions { Node = Node }, cloud.Parts.GetRequiredService<IController>, TimeProvider.System, new Random(1)));
        await cloud.Parts.GetRequiredService<INodeChannels>().Attach(cloud.Agent, CancellationToken.None);
        await cloud._host.Run(keepers, dress);
        return cloud;
    }

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

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
