using System.Collections.Concurrent;
using System.Text;
using Ciel.Agent;
using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.LinuxNet;
using Ciel.Agent.Host;

namespace Ciel.Live.Net;

/// <summary>A driver of its own on this host, and guests: namespaces whose eth0 stands where a machine's tap would.</summary>
public sealed class NetLab : IAsyncLifetime
{
    private readonly List<Guest> guests = [];
    private readonly Asked controller = new();
    private readonly GuestSigns signs = new();
    private readonly ConcurrentDictionary<string, bool> names = new();
    private FileStream? door;

    internal string Instance { get; init; } = "lnt";

    /// <summary>The driver's own directory.</summary>
    internal string Root => $"/run/ciel/{Instance}/net";

    internal LinuxNetDriver Driver { get; private set; } = null!;

    internal ConcurrentDictionary<string, int> Seen { get; } = new();

    public async ValueTask InitializeAsync()
    {
        signs.Heard += port => Seen.AddOrUpdate(port, 1, (_, count) => count + 1);
        door = await Door();
        await Clean();
        Start();

        // What a run that was killed left behind.
        foreach (var name in (await Driver.Adopt(CancellationToken.None)).Keys)
        {
            await Driver.Absent(name, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in names.Keys)
        {
            await Driver.Absent(name, CancellationToken.None);
        }

        await Driver.DisposeAsync();
        await Clean();
        await door!.DisposeAsync();
    }

    /// <summary>Has the agent go and another take its place.</summary>
    internal async Task Restart()
    {
        await Driver.DisposeAsync();
        Start();
    }

    internal static string Id(int number) => $"01900000-0000-7000-8000-{number:x12}";

    internal async Task<Observed> Ensure(string name, ObjectSpec spec)
    {
        names[name] = true;
        var observed = await Driver.Ensure(name, spec, TestContext.Current.CancellationToken);
        observed.State.ShouldBe(ObjectStates.Ready, observed.Error);
        return observed;
    }

    /// <summary>Makes the guest that will stand behind a port; before its network is made.</summary>
    internal async Task<Guest> Guest(PortSpec port)
    {
        var guest = new Guest($"{Instance}g-{port.Id[^6..]}", port);
        guests.Add(guest);
        await Command.Run("ip", ["netns", "add", guest.Namespace], TestContext.Current.CancellationToken);
        return guest;
    }

    /// <summary>All that the driver has on the host: namespaces, interfaces, files, processes.</summary>
    internal async Task<IReadOnlyList<string>> OnHost()
    {
        var namespaces = Ip.All().Where(ns => ns.StartsWith(Instance + "-", StringComparison.Ordinal));
        var links = Link.ParseAll(await Command.Run("ip", ["-json", "address"], CancellationToken.None)).Keys
            .Where(name => name.StartsWith(Instance, StringComparison.Ordinal));
        var files = Directory.EnumerateFileSystemEntries(Root);
        var processes = Directory.EnumerateDirectories("/proc").Select(path => Files.TryReadText(path + "/cmdline") ?? "")
            .Where(line => line.Contains(Root, StringComparison.Ordinal));
        return [.. namespaces, .. links, .. files, .. processes];
    }

    /// <summary>One at a time on this host: names and the public range are the same for all.</summary>
    private async Task<FileStream> Door()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream($"/run/lock/ciel-live-{Instance}", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 1200)
            {
                await Task.Delay(500);
            }
        }
    }

    private void Start()
    {
        var options = new AgentOptions { Instance = Instance, Node = "one", Data = "/nonexistent", Self = Path.Combine(AppContext.BaseDirectory, "ciel") };
        Driver = new LinuxNetDriver(options, signs, controller, TimeProvider.System, Veth);
    }

    private string Veth(PortSpec port) => guests.Find(guest => guest.Port.Id == port.Id) is { } guest
        ? $"link add name {HostNames.Tap(port.Id)} type veth peer name eth0 address {port.Mac} netns {guest.Namespace}"
        : NetHost.PersistentTap(port);

    private async Task Clean()
    {
        foreach (var guest in guests)
        {
            guest.Dispose();
        }

        foreach (var ns in Ip.All().Where(ns => ns.StartsWith(Instance + "g-", StringComparison.Ordinal)))
        {
            await Ip.Delete(ns, CancellationToken.None);
        }
    }

    /// <summary>A controller that answers with the asker and the path.</summary>
    private sealed class Asked : IController
    {
        public Task Report(IReadOnlyList<Report> reports, CancellationToken cancel) => Task.CompletedTask;

        public Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) =>
            Task.FromResult(new MetadataAnswer(200, "text/plain", Encoding.UTF8.GetBytes($"{question.PortId} {question.Method} {question.Path}\n")));

        public Task<Stream> Fetch(string ticket, CancellationToken cancel) => throw new InvalidOperationException("no images here");

        public Task Store(string ticket, Stream content, CancellationToken cancel) => throw new InvalidOperationException("no images here");
    }
}
