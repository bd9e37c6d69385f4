using System.Text;
using Ciel.Agent;
using Ciel.Agent.Contract;

namespace Ciel.Live.Qemu;

/// <summary>A node with an agent of its own in a directory of its own. At its end nothing of it may be left on the host.</summary>
internal sealed class LiveNode : IAsyncDisposable
{
    private static int count;
    private long call;

    private LiveNode(string instance)
    {
        Data = $"/tmp/{instance}-{Environment.ProcessId}";
        Options = new AgentOptions
        {
            Instance = instance,
            Node = "node1",
            Data = Data,
            Self = Path.Combine(AppContext.BaseDirectory, "ciel"),
            FirstUid = 3_000_000 + (10_000 * Interlocked.Increment(ref count)),
        };
        Agent = new SerializedAgent(inner = NewAgent());
    }

    private Agent.Agent inner;

    public string Data { get; }

    public AgentOptions Options { get; }

    public Cloud Cloud { get; } = new();

    public IAgent Agent { get; private set; }

    public static async Task<LiveNode> Start(string instance)
    {
        var node = new LiveNode(instance);
        await node.inner.StartAsync(TestContext.Current.CancellationToken);
        return node;
    }

    /// <summary>Another agent takes over; the machines must not notice.</summary>
    public async Task Restart()
    {
        await Stop();
        Agent = new SerializedAgent(inner = NewAgent());
        await inner.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The agent ends; the machines go on.</summary>
    public async Task Stop() => await inner.DisposeAsync();

    public static MachineSpec Spec(BlobSource? image, string id, long boots = 1, bool on = true, bool graceful = false) =>
        new(1, 32, new DiskSpec(image, 0), [], on, boots, graceful, new HardwareSpec("", "", id));

    /// <summary>A new machine's name and spec, with a disk to boot.</summary>
    public (string Name, MachineSpec Spec) NewMachine(params string[] pieces)
    {
        var id = NewId();
        return (ObjectName.Machine(id), Spec(Cloud.Image(BootSector.Disk(pieces)), id));
    }

    public static string NewId() => Guid.CreateVersion7().ToString();

    public Task<Report> Ensure(string name, ObjectSpec spec) =>
        Agent.Ensure(new EnsureRequest(name, NextFence(), spec), TestContext.Current.CancellationToken);

    public Task<Report> Absent(string name) =>
        Agent.Absent(new AbsentRequest(name, NextFence()), TestContext.Current.CancellationToken);

    /// <summary>Ensures, and waits until the object is as asked.</summary>
    public async Task<Report> Ensure(string name, ObjectSpec spec, Func<Report, bool> until)
    {
        await Ensure(name, spec);
        return await Until(name, until);
    }

    /// <summary>Waits until the object is as asked; fails at once when it failed.</summary>
    public async Task<Report> Until(string name, Func<Report, bool> until)
    {
        for (var i = 0; i < 600; i++)
        {
            var report = (await Agent.Inventory(TestContext.Current.CancellationToken)).FirstOrDefault(report => report.Name == name);
            if (report is not null && until(report))
            {
                return report;
            }

            report?.Error.ShouldBeNull();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"{name} did not become so: {Data}");
    }

    public async Task Gone(string name)
    {
        for (var i = 0; (await Absent(name)).State != ObjectStates.Absent; i++)
        {
            i.ShouldBeLessThan(100);
        }
    }

    public async Task<string> Log(string name)
    {
        await using var log = await Agent.Open(name, StreamKinds.Log, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(log, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public async Task UntilLog(string name, string text)
    {
        for (var i = 0; !(await Log(name)).Contains(text, StringComparison.Ordinal); i++)
        {
            i.ShouldBeLessThan(600, $"the log has no {text}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The processes that run for this node.</summary>
    public IReadOnlyList<int> Processes() =>
    [
        .. Directory.EnumerateFiles($"/sys/fs/cgroup/", "cgroup.procs", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => file.Contains($"/ciel-{Options.Instance}/", StringComparison.Ordinal))
            .SelectMany(File.ReadLines).Select(int.Parse).Distinct(),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var report in await Agent.Inventory(CancellationToken.None))
        {
            await Gone(report.Name);
        }

        await inner.DisposeAsync();
        Processes().ShouldBeEmpty();
        Directory.EnumerateDirectories("/sys/fs/cgroup", $"ciel-{Options.Instance}", SearchOption.AllDirectories).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(Path.Combine(Data, "machines")).ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(Path.Combine(Data, "snapshots")).ShouldBeEmpty();
        Directory.Delete(Data, recursive: true);
    }

    private Agent.Agent NewAgent() => Ciel.Agent.Agent.OnThisHost(Options, new SerializedController(Cloud), TimeProvider.System);

    public Fence NextFence() => new(1, 1, 1, ++call);
}
