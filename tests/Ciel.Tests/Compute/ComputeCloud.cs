using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Agent.Simulated;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Services.Compute;
using Ciel.Services.Network;
using Ciel.Services.Nodes;
using Ciel.Tests.Network;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Compute;

/// <summary>Compute with the network service, with simulated nodes.</summary>
internal sealed class ComputeCloud : IAsyncDisposable
{
    private readonly SliceHost _host;

    private ComputeCloud(SliceHost host, TestImages images) => (_host, Images) = (host, images);

    public HttpClient Client => _host.Client;

    public Db Db => _host.Db;

    public IServiceProvider Parts => _host.Parts;

    public TestImages Images { get; }

    public List<SimulatedAgent> Nodes { get; } = [];

    public static async Task<ComputeCloud> Start(string kind, params IReadOnlyList<SimulatedAgentOptions> nodes)
    {
        var images = new TestImages();
        var host = await SliceHost.Build(
            kind,
            [new NodesModule(), new NetworkModule(), new ComputeModule()],
            s => s.AddSingleton(images.Contract()).AddSingleton(KnownProjects.Contract()).AddSingleton<IBlobTickets>(images));
        var cloud = new ComputeCloud(host, images);
        await cloud.Begin(nodes.Count > 0 ? nodes : [new() { Node = "n1" }]);
        return cloud;
    }

    /// <summary>Sends; answers status, JSON body (or undefined) and headers.</summary>
    public async Task<Reply> Try(HttpMethod method, string path, string token, object? body = null, string? version = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : "/compute/v2.1/" + path);
        request.Headers.Add("X-Auth-Token", token);
        if (version is not null)
        {
            request.Headers.Add("OpenStack-API-Version", "compute " + version);
        }

        request.Content = body switch { null => null, HttpContent content => content, _ => JsonContent.Create(body) };
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new Reply((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone(), text);
    }

    /// <summary>Sends and answers the body; fails on an answer that is no success.</summary>
    public async Task<JsonElement> Send(HttpMethod method, string path, string token, object? body = null, string? version = null)
    {
        var reply = await Try(method, path, token, body, version);
        (reply.Status is >= 200 and < 300).ShouldBeTrue($"{method} {path}: {reply.Status} {reply.Text}");
        return reply.Body;
    }

    public Task<JsonElement> Get(string token, string path, string? version = null) => Send(HttpMethod.Get, path, token, null, version);

    /// <summary>Fails, with that status; answers Nova's name of the fault and its message.</summary>
    public async Task<string> Fails(int status, HttpMethod method, string path, string token, object? body = null, string? version = null)
    {
        var reply = await Try(method, path, token, body, version);
        reply.Status.ShouldBe(status, $"{method} {path}: {reply.Text}");
        return reply.Body.EnumerateObject().Single().Value.GetProperty("message").GetString()!;
    }

    /// <summary>A network with a subnet for a project.</summary>
    public async Task<string> Lan(string token, string cidr = "10.0.0.0/24")
    {
        var network = (await Send(HttpMethod.Post, "/network/v2.0/networks", token, new { network = new { name = "lan" } })).GetProperty("network").Id();
        await Send(HttpMethod.Post, "/network/v2.0/subnets", token, new { subnet = new { network_id = network, cidr, ip_version = 4 } });
        return network;
    }

    /// <summary>Creates a server and answers its id.</summary>
    public async Task<string> Boot(string token, object? more = null, string? version = null)
    {
        var server = new Dictionary<string, object?> { ["name"] = "web", ["imageRef"] = TestImages.Cirros, ["flavorRef"] = "42" };
        foreach (var property in JsonSerializer.SerializeToElement(more ?? new { }).EnumerateObject())
        {
            server[property.Name] = property.Value;
        }

        return (await Send(HttpMethod.Post, "servers", token, new { server }, version)).GetProperty("server").Id();
    }

    public async Task<JsonElement> Show(string token, string id, string? version = null) => (await Get(token, "servers/" + id, version)).GetProperty("server");

    public Task<Reply> Act(string token, string id, object body, string? version = null) => Try(HttpMethod.Post, $"servers/{id}/action", token, body, version);

    /// <summary>Waits for a status at rest.</summary>
    public async Task<JsonElement> Until(string token, string id, string status)
    {
        JsonElement last = default;
        await NetworkCloud.Until(
            async () =>
            {
                last = await Show(token, id);
                return last.Text("status") == status && last.Text("OS-EXT-STS:task_state") is null;
            },
            $"{id} did not become {status}: {last}");
        return last;
    }

    /// <summary>Waits until the server is gone.</summary>
    public Task UntilGone(string token, string id) => NetworkCloud.Until(async () => (await Try(HttpMethod.Get, "servers/" + id, token)).Status == 404, $"{id} is still there");

    /// <summary>Meters of a resource's spans, by name: those that are open, and those that were closed.</summary>
    public async Task<(string Open, string Closed)> Spans(string id)
    {
        var rows = await Db.Read(r => r.Query<(string Meter, long? ClosedAt)>("SELECT meter, closed_at FROM usage_span WHERE resource_id = @id ORDER BY meter", new { id }));
        return (
            string.Join(' ', rows.Where(s => s.ClosedAt is null).Select(s => s.Meter)),
            string.Join(' ', rows.Where(s => s.ClosedAt is not null).Select(s => s.Meter)));
    }

    /// <summary>Used instances, cores and MiB of a project.</summary>
    public async Task<(long Instances, long Cores, long Ram)> Used(string project) => await Db.Read(async r => (
        (await QuotaBook.Line(r, project, ComputeQuotas.Instances, 10)).Used,
        (await QuotaBook.Line(r, project, ComputeQuotas.Cores, 20)).Used,
        (await QuotaBook.Line(r, project, ComputeQuotas.Ram, 51200)).Used));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task Begin(IReadOnlyList<SimulatedAgentOptions> nodes)
    {
        await Parts.GetRequiredService<INetworks>().Bootstrap("198.51.100.0/24", "admin", CancellationToken.None);
        foreach (var options in nodes)
        {
            var node = new SimulatedAgent(options, Parts.GetRequiredService<Ciel.Agent.Contract.IController>, TimeProvider.System, new Random(1));
            Nodes.Add(node);
            await Parts.GetRequiredService<INodeChannels>().Attach(node, CancellationToken.None);
        }

        await _host.Run();
    }
}

/// <summary>An answer.</summary>
internal sealed record Reply(int Status, JsonElement Body, string Text);
