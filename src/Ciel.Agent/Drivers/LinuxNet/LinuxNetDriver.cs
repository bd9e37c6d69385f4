using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>
/// Makes networks and routers of namespaces, bridges and nftables. Nothing of the host's own network changes but for one
/// interface, and no thread of this process enters a tenant's namespace.
/// </summary>
internal sealed partial class LinuxNetDriver : IDriver, IAsyncDisposable
{
    /// <summary>Objects adopted at a time.</summary>
    private const int AtOnce = 8;

    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(500);
    private readonly NetHost host;
    private readonly ConcurrentDictionary<string, NetworkObject> networks = new();
    private readonly ConcurrentDictionary<string, RouterObject> routers = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Task watching;

    /// <summary>Starts with nothing; <see cref="Adopt"/> finds what an earlier agent left.</summary>
    public LinuxNetDriver(
        AgentOptions options, GuestSigns signs, IController controller, TimeProvider time, Func<PortSpec, string>? tapLine = null)
    {
        var directory = MakeDirectories("/run/ciel", options.Instance, "net");
        var broker = new NetnsBrokerClient(options.Self, directory, time);
        host = new NetHost(
            options.Instance, directory, new Cgroups(options.Instance + "-net", CgroupHierarchy.OnThisHost()), broker, signs, controller, time, tapLine ?? NetHost.PersistentTap);
        watching = Background.Start(Watch);
    }

    /// <summary>Opens what lies in namespaces; for the drivers above, too.</summary>
    public NetnsBrokerClient Broker => host.Broker;

    public IReadOnlyList<string> Kinds { get; } = [ObjectName.Kind(ObjectName.Network("")), ObjectName.Kind(ObjectName.Router(""))];

    public async Task<Observed> Ensure(string name, ObjectSpec spec, CancellationToken cancel)
    {
        try
        {
            await (spec switch
            {
                NetworkSpec network => Network(name).Ensure(network, cancel),
                RouterSpec router => Router(name).Ensure(router, cancel),
                _ => throw new AgentRefusedException($"{name} is neither network nor router"),
            });
            return new Observed(ObjectStates.Ready);
        }
        catch (FormatException e)
        {
            return new Observed(ObjectStates.Failed, e.Message);
        }
    }

    public async Task<Observed> Absent(string name, CancellationToken cancel)
    {
        if (IsNetwork(name))
        {
            await Network(name).Absent(cancel);
            networks.TryRemove(name, out _);
        }
        else
        {
            await Router(name).Absent(cancel);
            routers.TryRemove(name, out _);
        }

        return new Observed(ObjectStates.Absent);
    }

    public async Task<IReadOnlyDictionary<string, Observed>> Adopt(CancellationToken cancel)
    {
        var found = new Dictionary<string, Observed>();
        foreach (var some in Kinds.SelectMany(kind => NetState.Names(host.Directory).Where(name => ObjectName.Kind(name) == kind).Chunk(AtOnce)))
        {
            foreach (var (name, observed) in await Task.WhenAll(some.Select(async name => (name, await Again(name, cancel)))))
            {
                if (observed.State != ObjectStates.Absent)
                {
                    found[name] = observed;
                }
            }
        }

        foreach (var orphan in Orphans(found.Keys))
        {
            await Ip.Delete(orphan, cancel);
        }

        foreach (var orphan in host.Groups.Names().Where(ns => !Ip.Exists(ns)))
        {
            await host.Groups.Remove(orphan, host.Time);
        }

        return found;
    }

    public Task<IReadOnlyList<NodeFeature>> Detect(CancellationToken cancel) => NetFeatures.Detect(host.Instance, cancel);

    public Task<Stream> Open(string name, string stream, CancellationToken cancel) =>
        throw new AgentRefusedException($"{name} has no stream {stream}");

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await watching;
        foreach (var network in networks.Values)
        {
            await network.DisposeAsync();
        }

        foreach (var router in routers.Values)
        {
            router.Dispose();
        }

        host.Broker.Dispose();
        closing.Dispose();
    }

    private async Task<Observed> Again(string name, CancellationToken cancel)
    {
        try
        {
            return NetState.Read(NetState.DirectoryOf(host.Directory, name)) is { } state && Ip.Exists(NamespaceOf(name))
                ? await Ensure(name, state.Spec, cancel)
                : await Absent(name, cancel);
        }
        catch (Exception e) when (e is AgentRefusedException or CommandFailedException or IOException)
        {
            // It is there, and its keeper will ask for it again.
            await Console.Error.WriteLineAsync($"agent: {name} was not adopted whole: {e.Message}");
            return new Observed(ObjectStates.Working, e.Message);
        }
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(WatchPeriod, host.Time);
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(closing.Token);
                foreach (var network in networks.Values)
                {
                    await network.Watch(closing.Token);
                }

                foreach (var router in routers.Values)
                {
                    await router.Watch(closing.Token);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or CommandFailedException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"agent: watching networks: {e.Message}");
            }
        }
    }

    private NetworkObject Network(string name) => networks.GetOrAdd(name, _ => new NetworkObject(host, ObjectName.Id(name)));

    private RouterObject Router(string name) => routers.GetOrAdd(name, _ => new RouterObject(host, ObjectName.Id(name)));

    private string NamespaceOf(string name) => IsNetwork(name)
        ? HostNames.NetworkNamespace(host.Instance, ObjectName.Id(name))
        : HostNames.RouterNamespace(host.Instance, ObjectName.Id(name));

    private static bool IsNetwork(string name) => name == ObjectName.Network(ObjectName.Id(name));

    /// <summary>Namespaces of this instance without a directory: an <see cref="Absent"/> that was cut short left them.</summary>
    private IEnumerable<string> Orphans(IEnumerable<string> names)
    {
        var known = names.Select(NamespaceOf).ToHashSet();
        return Ip.All().Where(ns => ns.StartsWith(host.Instance + "-", StringComparison.Ordinal)
            && Tail().IsMatch(ns.AsSpan(host.Instance.Length)) && !known.Contains(ns));
    }

    [GeneratedRegex("^-[nr]-[0-9a-f]{11}\\z")]
    private static partial Regex Tail();

    private static string MakeDirectories(string root, params string[] names)
    {
        const UnixFileMode enterOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var path = root;
        foreach (var name in names.Prepend(""))
        {
            path = Path.Combine(path, name);
            if (!Directory.Exists(path))
            {
                Files.MakeDirectory(path, enterOnly);
            }
        }

        return path;
    }
}
