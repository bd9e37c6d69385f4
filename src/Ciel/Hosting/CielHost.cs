using Ciel.Agent.Contract;
using Ciel.Core.Events;
using Ciel.Core.Keepers;
using Ciel.Core.Ledger;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services;
using Ciel.Services.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.Hosting;

/// <summary>Makes a node's agent for a controller.</summary>
public delegate Task<IAgent> NodeMaker(IController controller, CancellationToken cancel);

/// <summary>One controller: store, services, doors, keepers, and the nodes in this process.</summary>
public sealed class CielHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Db _db;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<IAsyncDisposable> _agents = [];
    private Task _engine = Task.CompletedTask;

    private CielHost(WebApplication app, Db db) => (_app, _db) = (app, db);

    /// <summary>Where the cloud door listens, such as <c>http://127.0.0.1:8780</c>.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Where the objects door listens.</summary>
    public Uri ObjectsUrl => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(1));

    /// <summary>The parts, for the program and its tests.</summary>
    public IServiceProvider Parts => _app.Services;

    /// <summary>Every table of the program, in the order in which they are made.</summary>
    internal static IReadOnlyList<Migration> Schema =>
    [
        .. TrustServices.Migrations, .. KeeperBook.Migrations, .. UsageLedger.Migrations, .. AuditLog.Migrations, .. QuotaBook.Migrations,
        .. AllServices.Modules.SelectMany(m => m.Migrations),
    ];

    /// <summary>Opens the store, starts the doors, takes the nodes into service and lets the keepers work.</summary>
    /// <param name="options">Where it lives and listens.</param>
    /// <param name="setting">The clock, chance and secrets.</param>
    /// <param name="nodes">The nodes in this process.</param>
    /// <param name="cancel">Gives up starting.</param>
    public static async Task<CielHost> Start(CielOptions options, Setting setting, IReadOnlyList<NodeMaker> nodes, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.Data);
        Directory.CreateDirectory(options.Config);
        var db = StoreOpener.Open(options, setting);
        try
        {
            await Migrations.Apply(db, Schema, cancel);
            var host = new CielHost(WebApp.Build(options, setting, db), db);
            await host.Begin(options, nodes, cancel);
            return host;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the doors, then the keepers, then the agents (machines go on), then the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _stop.CancelAsync();
        await _engine;
        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }

        await _app.DisposeAsync();
        await _db.DisposeAsync();
        _stop.Dispose();
    }

    private async Task Begin(CielOptions options, IReadOnlyList<NodeMaker> nodes, CancellationToken cancel)
    {
        var setting = Parts.GetRequiredService<Setting>();
        var engine = new KeeperEngine(
            _db,
            Parts.GetRequiredService<KeeperBell>(),
            Parts.GetServices<Keeper>(),
            setting.Time,
            setting.Random,
            Parts.GetRequiredService<ILogger<KeeperEngine>>(),
            new KeeperEngineOptions { Epoch = await StoreMeta.Epoch(_db, cancel), Poll = options.Postgres is null ? null : TimeSpan.FromSeconds(1) });
        if (options.Postgres is null)
        {
            await engine.BreakLeases(cancel);
        }

        await FirstThings.Make(options, Parts, cancel);
        foreach (var make in nodes)
        {
            var agent = await make(Parts.GetRequiredService<IController>(), cancel);
            await Parts.GetRequiredService<INodeChannels>().Attach(agent, cancel);
            if (agent is IAsyncDisposable disposable)
            {
                _agents.Add(disposable);
            }
        }

        _engine = engine.Run(_stop.Token);
        await _app.StartAsync(cancel);
    }
}
