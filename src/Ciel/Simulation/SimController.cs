using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Core;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Ciel.Hosting;
using Ciel.Services.Images;
using Ciel.Services.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Simulation;

/// <summary>One controller of a simulation: the program's own services, doors and engine, in a process that can be paused and killed.</summary>
internal sealed class SimController : IAsyncDisposable
{
    /// <summary>Shorter than a real one's, so that more happens within a pause that outlasts it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private readonly WebApplication _app;
    private readonly SimDoors _doors;
    private readonly Db _db;
    private (string Kind, Action Strike)? _armed;

    public SimController(World world, string name, CielOptions options, Db db)
    {
        Lane = new Lane(world, name);
        _db = db;
        Setting = new Setting(world.Time, world.Random, new SeededSecrets(world.Random));
        _app = WebApp.Build(options, Setting, _db, quiet: true);
        _doors = new SimDoors(_app);
    }

    public Lane Lane { get; }

    public Setting Setting { get; }

    /// <summary>Strikes just before the next commit of one of its keepers of that kind.</summary>
    public void StrikeAtCommit(string kind, Action strike) => _armed = (kind, strike);

    public IServiceProvider Parts => _app.Services;

    /// <summary>Takes the nodes into service and lets the keepers work.</summary>
    public Task<bool> Begin(IReadOnlyList<IAgent> nodes, bool guarded = true, Func<Keeper, Keeper>? dress = null) => Lane.Start(async () =>
    {
        await Parts.GetRequiredService<IImages>().Bootstrap(CancellationToken.None);
        foreach (var node in nodes)
        {
            await Parts.GetRequiredService<INodeChannels>().Attach(node, CancellationToken.None);
        }

        var options = new KeeperEngineOptions { Poll = Poll, Lease = Lease, Guarded = guarded };
        var engine = new KeeperEngine(
            _db, Parts.GetRequiredService<KeeperBell>(), Parts.GetServices<Keeper>().Select(dress ?? (k => new SimKeeper(k, () => Strike(k.Kind)))), Setting.Time, Setting.Random, NullLogger.Instance, options);
        _ = engine.Run(CancellationToken.None);
        return true;
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Nothing strikes any more.</summary>
    public void Disarm() => _armed = null;

    private void Strike(string kind)
    {
        if (_armed is { } armed && armed.Kind == kind)
        {
            _armed = null;
            armed.Strike();
        }
    }

    /// <summary>A node's reports come in.</summary>
    public Task<bool> Report(IReadOnlyList<Report> reports) => Lane.Start(async () =>
    {
        await Parts.GetRequiredService<IController>().Report(reports, CancellationToken.None);
        return true;
    });

    /// <summary>A request at the cloud door, through the same routes as any client's.</summary>
    public Task<SimAnswer> Send(string method, string path, string? token, object? body = null) => Lane.Start(async () =>
    {
        using var answer = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = Parts };
        var question = path.IndexOf('?', StringComparison.Ordinal);
        http.Request.Method = method;
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("localhost");
        http.Request.Path = question < 0 ? path : path[..question];
        http.Request.QueryString = new QueryString(question < 0 ? "" : path[question..]);
        http.Response.Body = answer;
        if (token is not null)
        {
            http.Request.Headers["X-Auth-Token"] = token;
        }

        if (body is not null)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
            http.Request.Body = new MemoryStream(bytes);
            http.Request.ContentLength = bytes.Length;
            http.Request.ContentType = "application/json";
        }

        await _doors.Open(http);
        var json = answer.Length == 0 ? default : JsonDocument.Parse(answer.ToArray()).RootElement;
        return new SimAnswer(http.Response.StatusCode, json, http.Response.Headers["X-Subject-Token"]);
    });
}

/// <summary>The answer to a request.</summary>
internal sealed record SimAnswer(int Status, JsonElement Json, string? SubjectToken)
{
    /// <summary>The body, which must be that of a success.</summary>
    public JsonElement Good() => Status < 300 ? Json : throw new InvalidOperationException($"{Status}: {Json}");

    /// <summary>The id of the thing in the body.</summary>
    public string Id(string thing) => Good().GetProperty(thing).GetProperty("id").GetString()!;
}
