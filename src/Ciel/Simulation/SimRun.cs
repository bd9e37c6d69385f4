using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;
using Ciel.Core.Store;
using Ciel.Hosting;

namespace Ciel.Simulation;

/// <summary>
/// One run: a cloud of several controllers and nodes is set up in calm, used in a storm of lost and late messages, pauses and kills,
/// and left in calm again; then its promises must hold.
/// </summary>
internal sealed class SimRun : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly SimOptions _options;
    private readonly World _world;
    private readonly Db _db;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ciel-sim-");
    private readonly List<SimController> _controllers = [];
    private readonly List<SimulatedAgent> _nodes = [];
    private readonly SimPromises _promises;
    private Weather _weather = Weather.Calm;
    private int _made;

    private SimRun(SimOptions options, Action<string>? watch)
    {
        _options = options;
        _world = new World(options.Seed) { Watch = watch };
        _db = SqliteDb.OpenInline(_world.Time);
        _promises = new SimPromises(_db, _nodes);
    }

    /// <summary>Runs one seed.</summary>
    public static SimResult Of(SimOptions options, Action<string>? watch = null)
    {
        using var run = new SimRun(options, watch);
        return run.Go();
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private SimResult Go()
    {
        _world.Finish(_world.Network.Start(SetUp));
        var tenants = _world.Finish(SimTenants.Make(_world, _controllers[0]));
        _weather = Weather.Storm;
        var clients = new Lane(_world, "clients");
        clients.Start(() => tenants.Act(_options.Requests, AnyController));
        var trouble = new Lane(_world, "trouble");
        trouble.Start(MakeTrouble);
        _world.Run(TimeSpan.FromMinutes(4));
        _weather = Weather.Calm;
        foreach (var controller in _controllers)
        {
            controller.Lane.Resume();
        }

        // Longer than any lease, stalled message, backoff and deadline together.
        _world.Run(TimeSpan.FromHours(2));
        return new SimResult(_options.Seed, _world.Hash, _world.Finish(_promises.Broken()), tenants.Servers);
    }

    private async Task<bool> SetUp()
    {
        await Migrations.Apply(_db, CielHost.Schema);
        for (var i = 1; i <= _options.Nodes; i++)
        {
            var node = new SimulatedAgentOptions
            {
                Node = $"node-{i}",
                Boot = TimeSpan.FromSeconds(3),
                Stop = TimeSpan.FromSeconds(2),
                Wire = TimeSpan.FromMilliseconds(50),
                FailureChance = 0.03,
                ChecksFences = _options.Fenced,
            };
            _nodes.Add(new SimulatedAgent(node, () => new LossyController(_world, () => _weather, AnyController), _world.Time, _world.Random));
        }

        var first = NewController();
        await first.Lane.Start(async () =>
        {
            await FirstThings.Make(OptionsOf(first.Lane.Name), first.Parts, CancellationToken.None);
            return true;
        });
        await Begin(first);
        for (var i = 1; i < _options.Controllers; i++)
        {
            await Begin(NewController());
        }

        return true;
    }

    private SimController NewController()
    {
        var name = $"controller-{++_made}";
        var controller = new SimController(_world, name, OptionsOf(name), _db);
        _controllers.Add(controller);
        return controller;
    }

    private Task<bool> Begin(SimController controller)
    {
        var ways = _nodes.Select((n, i) => (IAgent)new LossyAgent(_world, () => _weather, controller.Lane.Name, $"node-{i + 1}", n, _promises.Look)).ToArray();
        return controller.Begin(ways, _options.Guarded);
    }

    private CielOptions OptionsOf(string controller) => new()
    {
        Name = "sim",
        Data = Directory.CreateDirectory(Path.Combine(_directory.FullName, controller)).FullName,
        Config = Directory.CreateDirectory(Path.Combine(_directory.FullName, "config")).FullName,
        PortBase = 0,
    };

    private SimController? AnyController()
    {
        var living = _controllers.Where(c => !c.Lane.Dead).ToArray();
        return living.Length == 0 ? null : living[_world.Random.Next(living.Length)];
    }

    // Pauses last past the lease, so that another controller takes over while the first still believes; a killed one is replaced.
    private async Task<bool> MakeTrouble()
    {
        while (_weather != Weather.Calm)
        {
            await Task.Delay(TimeSpan.FromSeconds(5 + (25 * _world.Random.NextDouble())), _world.Time);
            if (AnyController() is not { Lane.Paused: false } victim)
            {
                continue;
            }

            if (_world.Random.Next(2) == 0)
            {
                _world.Note($"{victim.Lane.Name} is killed");
                victim.Lane.Kill();
                await Begin(NewController());
            }
            else
            {
                _world.Note($"{victim.Lane.Name} pauses");
                victim.Lane.Pause();
                _ = ResumeLater(victim);
            }
        }

        return true;
    }

    private async Task ResumeLater(SimController controller)
    {
        await Task.Delay(Lease * (0.5 + (1.5 * _world.Random.NextDouble())), _world.Time);
        _world.Note($"{controller.Lane.Name} goes on");
        controller.Lane.Resume();
    }
}
