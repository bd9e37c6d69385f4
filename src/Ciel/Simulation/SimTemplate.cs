using Ciel.Core.Store;
using Ciel.Hosting;

namespace Ciel.Simulation;

/// <summary>A cloud as it stands before the storm: set up once, copied for each seed.</summary>
internal sealed class SimTemplate : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ciel-sim-");
    private readonly World _world = new(0);
    private readonly Db _db;

    private SimTemplate()
    {
        _db = SqliteDb.OpenInline(_world.Time);
        Options = new CielOptions
        {
            Name = "sim",
            Data = _directory.CreateSubdirectory("data").FullName,
            Config = _directory.CreateSubdirectory("config").FullName,
            PortBase = 0,
        };
    }

    /// <summary>What the controllers start with.</summary>
    public CielOptions Options { get; }

    /// <summary>When the set-up ended, for <see cref="World"/>'s clock.</summary>
    public long End => _world.Time.Ticks;

    /// <summary>What was set up.</summary>
    public SimGround Ground { get; private set; } = null!;

    public static async Task<SimTemplate> Make()
    {
        var template = new SimTemplate();
        try
        {
            // Without nodes and keepers there is no time to pass, and so nothing but the set-up happens.
            var controller = new SimController(template._world, "template", template.Options, template._db);
            template.Ground = template._world.FinishOutside(controller.Lane.Start(() => template.SetUp(controller)));
            await controller.DisposeAsync();
            return template;
        }
        catch
        {
            await template.DisposeAsync();
            throw;
        }
    }

    /// <summary>The store's rows in a store of its own.</summary>
    public Db Copy(TimeProvider time) => SqliteDb.OpenInline(time, _db);

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task<SimGround> SetUp(SimController controller)
    {
        await Migrations.Apply(_db, CielHost.Schema);
        await FirstThings.Make(Options, controller.Parts, CancellationToken.None);
        return await SimLogin.Ground(controller);
    }
}

/// <summary>What tenants have to begin with.</summary>
/// <param name="Admin">A token of the admin.</param>
/// <param name="Flavor">A flavor's id.</param>
/// <param name="Image">An image's id.</param>
/// <param name="Public">The public network's id.</param>
/// <param name="Tenants">The tenants.</param>
internal sealed record SimGround(string Admin, string Flavor, string Image, string Public, IReadOnlyList<SimTenant> Tenants);

/// <summary>One project with a network.</summary>
/// <param name="Project">Its id.</param>
/// <param name="Token">A member's token.</param>
/// <param name="Network">The network's id.</param>
/// <param name="Subnet">The subnet's id.</param>
internal sealed record SimTenant(string Project, string Token, string Network, string Subnet);
