using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;
using Ciel.Core.Store;

namespace Ciel.Simulation;

/// <summary>
/// One run: several controllers and nodes are used in a storm of lost, doubled and late messages, pauses and kills, and left in calm;
/// then the promises must hold, and again when the tenants have left.
/// </summary>
internal sealed class SimRun
{
    // Longer than a build or an act may take, and the longest backoff.
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(18);
    private static readonly TimeSpan Storm = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Goodbye = TimeSpan.FromMinutes(6);
    private static readonly string[] Kinds = ["server", "server", "network", "router"];
    private readonly SimOptions _options;
    private readonly SimTemplate _template;
    private readonly World _world;
    private readonly Db _db;
    private readonly List<SimController> _controllers = [];
    private readonly List<SimulatedAgent> _nodes = [];
    private readonly SimPromises _promises;
    private Weather _weather = Weather.Calm;

    private SimRun(SimOptions options, SimTemplate template, Action<string>? watch)
    {
        (_options, _template) = (options, template);
        _world = new World(options.Seed, template.End) { Watch = watch };
        _db = template.Copy(_world.Time);
        _promises = new SimPromises(_db, _nodes);
    }

    /// <summary>Runs one seed.</summary>
    public static async Task<SimResult> Of(SimOptions options, SimTemplate template, Action<string>? watch = null)
    {
        var run = new SimRun(options, template, watch);
        try
        {
            return run.Go();
        }
        finally
        {
            foreach (var controller in run._controllers)
            {
                await controller.DisposeAsync();
            }

            await run._db.DisposeAsync();
        }
    }

    private SimResult Go()
    {
        _world.Finish(_world.Network.Start(SetUp));
        var ground = _template.Ground;
        var tenants = new SimTenants(_world, ground, AnyController);
        _weather = Weather.Storm;
        foreach (var tenant in ground.Tenants)
        {
            _ = new Lane(_world, "client").Start(() => tenants.Act(tenant, _options.Requests / ground.Tenants.Count));
        }

        _ = new Lane(_world, "trouble").Start(MakeTrouble);
        _world.Run(Storm);
        _weather = Weather.Calm;
        foreach (var controller in _controllers)
        {
            controller.Disarm();
            controller.Lane.Resume();
        }

        _world.Run(Calm);
        _promises.Held(tenants.MostServers, SimTenants.Quota);
        _world.Finish(_world.Network.Start(() => _promises.LookInCalm(AnyController()!, ground)));
        foreach (var tenant in ground.Tenants)
        {
            _ = new Lane(_world, "client").Start(() => tenants.Leave(tenant));
        }

        _world.Run(Goodbye);
        _world.Finish(_world.Network.Start(() => _promises.LookWhenEmpty(ground)));
        return new SimResult(_options.Seed, _world.Hash, _promises.Broken, tenants.Servers, _promises.Runs);
    }

    private async Task<bool> SetUp()
    {
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
            _nodes.Add(new SimulatedAgent(node, () => new LossyController(_world, () => _weather, AnyController, _promises.Machines.Note), _world.Time, _world.Random));
        }

        for (var i = 0; i < _options.Controllers; i++)
        {
            await NewController();
        }

        return true;
    }

    private Task<bool> NewController()
    {
        var name = $"controller-{_controllers.Count + 1}";
        var controller = new SimController(_world, name, _template.Options, _db);
        _controllers.Add(controller);
        var ways = _nodes.Select((n, i) => (IAgent)new LossyAgent(_world, () => _weather, name, $"node-{i + 1}", n, _promises.Look)).ToArray();
        return controller.Begin(ways, _options.Guarded);
    }

    private SimController? AnyController()
    {
        var living = _controllers.Where(c => !c.Lane.Dead).ToArray();
        return living.Length == 0 ? null : living[_world.Random.Next(living.Length)];
    }

    // Pauses last past the lease, so that another controller takes over while the first still believes; a killed one is replaced.
    private async Task<bool> MakeTrouble()
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(3 + (12 * _world.Random.NextDouble())), _world.Time);
            if (_weather == Weather.Calm)
            {
                return true;
            }

            if (AnyController() is not { Lane.Paused: false } victim)
            {
                continue;
            }

            Action strike = _world.Random.Next(4) == 0 ? () => Kill(victim) : () => Pause(victim);
            if (_world.Random.Next(3) == 0)
            {
                strike();
            }
            else
            {
                victim.StrikeAtCommit(Kinds[_world.Random.Next(Kinds.Length)], strike);
            }
        }
    }

    private void Kill(SimController victim)
    {
        _world.Note($"{victim.Lane.Name} is killed");
        victim.Lane.Kill();
        _ = _world.Network.Start(NewController);
    }

    private void Pause(SimController victim)
    {
        _world.Note($"{victim.Lane.Name} pauses");
        victim.Lane.Pause();
        _ = _world.Network.Start(() => ResumeLater(victim));
    }

    private async Task<bool> ResumeLater(SimController controller)
    {
        await Task.Delay(SimController.Lease * (0.5 + (5 * _world.Random.NextDouble())), _world.Time);
        _world.Note($"{controller.Lane.Name} goes on");
        controller.Lane.Resume();
        return true;
    }
}
