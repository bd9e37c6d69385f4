using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Host;
using Ciel.Core.Http;
using Ciel.Core.Http.Egress;
using Ciel.Core.Keepers;
using Ciel.Core.Ledger;
using Ciel.Core.Policy;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ciel.Tests;

/// <summary>
/// A few services alone on real Kestrel and a real database, without identity: a token is a project's name (<c>admin</c>, <c>alice</c>,
/// <c>bob</c>…), and <c>alice:reader</c> may only look.
/// </summary>
internal sealed class SliceHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestStore? _store;
    private readonly CancellationTokenSource _stop = new();
    private Task _engine = Task.CompletedTask;

    private SliceHost(WebApplication app, TestStore? store) => (_app, _store) = (app, store);

    public HttpClient Client { get; private set; } = new();

    public WebApplication App => _app;

    public Db Db => Parts.GetRequiredService<Db>();

    public IServiceProvider Parts => _app.Services;

    /// <summary>Builds the services and maps their routes; nothing runs yet.</summary>
    /// <param name="kind">sqlite or postgresql.</param>
    /// <param name="modules">The services, lowest first.</param>
    /// <param name="register">What stands in for the services that are not there.</param>
    /// <param name="more">Tables beside those of Core and the services.</param>
    public static async Task<SliceHost> Build(string kind, IReadOnlyList<IServiceModule> modules, Action<IServiceCollection>? register = null, IReadOnlyList<Migration>? more = null)
    {
        var store = await TestStore.Open(
            kind, [.. Tables, .. more ?? [], .. modules.SelectMany(m => m.Migrations)]);
        return new SliceHost(Over(store.Db, modules, register), store);
    }

    /// <summary>As <see cref="Build"/>, over a store that is the test's and outlives it.</summary>
    public static SliceHost Again(Db db, IReadOnlyList<IServiceModule> modules, Action<IServiceCollection>? register = null) => new(Over(db, modules, register), null);

    /// <summary>Core's tables.</summary>
    public static IReadOnlyList<Migration> Tables { get; } = [.. TrustServices.Migrations, .. KeeperBook.Migrations, .. UsageLedger.Migrations, .. AuditLog.Migrations, .. QuotaBook.Migrations];

    private static WebApplication Over(Db db, IReadOnlyList<IServiceModule> modules, Action<IServiceCollection>? register)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(db).AddSingleton(TimeProvider.System).AddSingleton<ISecrets, SystemSecrets>();
        builder.Services.AddSingleton<Ids>().AddSingleton<KeeperBell>().AddSingleton<KeeperBook>();
        builder.Services.AddEgress(new EgressOptions { Allow = EgressOptions.Targets("127.0.0.1") }).AddTrust(new TrustOptions { RootKeyPath = Path.Combine(Path.GetTempPath(), $"ciel-slice-{Guid.NewGuid():N}.key") });
        register?.Invoke(builder.Services);
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

        return app;
    }

    /// <summary>Who a token stands for.</summary>
    public static Actor ActorOf(string name, string role = Roles.Member) => new()
    {
        UserId = "user-" + name,
        UserName = name,
        UserDomainId = "default",
        ProjectId = name,
        RoleNames = name == "admin" ? new HashSet<string> { Roles.Admin, Roles.Manager, Roles.Member, Roles.Reader }
            : role == Roles.Manager ? new HashSet<string> { Roles.Manager, Roles.Member, Roles.Reader }
            : role == Roles.Member ? new HashSet<string> { Roles.Member, Roles.Reader } : new HashSet<string> { Roles.Reader },
    };

    /// <summary>Opens the doors, and lets the keepers work unless told otherwise.</summary>
    /// <param name="keepers">Whether keepers work.</param>
    /// <param name="dress">What a test puts around each keeper.</param>
    public async Task Run(bool keepers = true, Func<Keeper, Keeper>? dress = null)
    {
        if (keepers)
        {
            _engine = new KeeperEngine(
                Db, Parts.GetRequiredService<KeeperBell>(), Parts.GetServices<Keeper>().Select(dress ?? (k => k)), TimeProvider.System, new Random(1),
                Parts.GetRequiredService<ILogger<KeeperEngine>>(), new KeeperEngineOptions()).Run(_stop.Token);
        }

        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(Parts.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _stop.CancelAsync();
        await _engine;
        File.Delete(Parts.GetRequiredService<TrustOptions>().RootKeyPath);
        await _app.DisposeAsync();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _stop.Dispose();
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
