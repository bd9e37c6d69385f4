using Ciel.Agent.Contract;
using Ciel.Agent.Simulated;

namespace Ciel.Tests.Agent;

public class SimulatedAgentTests
{
    private static readonly MachineSpec Machine = new(
        1, 128, new DiskSpec(null, 1), [], On: true, Boots: 1, Graceful: false, new HardwareSpec("", "", "s"));

    private readonly Sink _sink = new();

    private SimulatedAgent Node(SimulatedAgentOptions? options = null) =>
        new(options ?? new() { Node = "sim1" }, () => _sink, TimeProvider.System, new Random(1));

    private static Fence F(long lease, long call = 1) => new(1, 1, lease, call);

    [Fact]
    public async Task AMachineRunsStopsAndStartsByItsCounter()
    {
        var node = Node();
        (await node.Ensure(new("machine/m1", F(1), Machine), TestContext.Current.CancellationToken)).State.ShouldBe(ObjectStates.Running);
        var off = await node.Ensure(new("machine/m1", F(2), Machine with { On = false }), TestContext.Current.CancellationToken);
        off.State.ShouldBe(ObjectStates.Stopped);
        off.Facts![FactKeys.StopReason].ShouldBe("asked");
        (await node.Ensure(new("machine/m1", F(3), Machine), TestContext.Current.CancellationToken)).State.ShouldBe(ObjectStates.Stopped, "the same boot does not happen twice");
        var on = await node.Ensure(new("machine/m1", F(4), Machine with { Boots = 2 }), TestContext.Current.CancellationToken);
        on.State.ShouldBe(ObjectStates.Running);
        on.Facts![FactKeys.Boots].ShouldBe("2");
        (await node.Absent(new("machine/m1", F(5)), TestContext.Current.CancellationToken)).State.ShouldBe(ObjectStates.Absent);
        (await node.Inventory(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnOlderFenceIsRefusedAlsoAfterAbsent()
    {
        var node = Node();
        await node.Ensure(new("machine/m1", F(2), Machine), TestContext.Current.CancellationToken);
        await node.Absent(new("machine/m1", F(2, 2)), TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<AgentRefusedException>(() => node.Ensure(new("machine/m1", F(1), Machine), TestContext.Current.CancellationToken))).Stale.ShouldBeTrue();
    }

    [Fact]
    public async Task AGuestThatPowersOffIsReportedAndStaysOff()
    {
        var node = Node();
        await node.Ensure(new("machine/m1", F(1), Machine), TestContext.Current.CancellationToken);
        node.PowerOffFromInside("machine/m1");
        var told = await _sink.Next();
        (told.State, told.Facts![FactKeys.StopReason]).ShouldBe((ObjectStates.Stopped, "guest"));
        (await node.Ensure(new("machine/m1", F(2), Machine), TestContext.Current.CancellationToken)).State.ShouldBe(ObjectStates.Stopped);
    }

    [Fact]
    public async Task WorkThatTakesTimeIsReportedWhenItIsDone()
    {
        var node = Node(new() { Node = "sim1", Fetch = TimeSpan.FromMilliseconds(5), Boot = TimeSpan.FromMilliseconds(5) });
        (await node.Ensure(new("machine/m1", F(1), Machine), TestContext.Current.CancellationToken)).State.ShouldBe(ObjectStates.Working);
        var states = new List<string>();
        while (states.LastOrDefault() != ObjectStates.Running)
        {
            states.Add((await _sink.Next()).State);
        }

        states.ShouldContain(ObjectStates.Queued);
    }

    [Fact]
    public async Task ASnapshotIsHandedInAsAQcow2()
    {
        var node = Node();
        await node.Ensure(new("machine/m1", F(1), Machine), TestContext.Current.CancellationToken);
        await node.Ensure(new("snapshot/i1", F(1), new SnapshotSpec("machine/m1", "t")), TestContext.Current.CancellationToken);
        var done = await _sink.Next();
        done.State.ShouldBe(ObjectStates.Ready);
        _sink.Stored["t"][..4].ShouldBe([0x51, 0x46, 0x49, 0xfb]);
        done.Facts![FactKeys.Size].ShouldBe(_sink.Stored["t"].Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task AFailureIsReportedWithItsReason()
    {
        var node = Node();
        node.FailNext("machine/m1", "no disk");
        var report = await node.Ensure(new("machine/m1", F(1), Machine), TestContext.Current.CancellationToken);
        (report.State, report.Error).ShouldBe((ObjectStates.Failed, "no disk"));
    }

    private sealed class Sink : IController
    {
        private readonly System.Threading.Channels.Channel<Report> _reports = System.Threading.Channels.Channel.CreateUnbounded<Report>();

        public Dictionary<string, byte[]> Stored { get; } = [];

        public async Task<Report> Next()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return await _reports.Reader.ReadAsync(limit.Token);
        }

        public Task Report(IReadOnlyList<Report> reports, CancellationToken cancel)
        {
            reports.ToList().ForEach(r => _reports.Writer.TryWrite(r));
            return Task.CompletedTask;
        }

        public Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Stream> Fetch(string ticket, CancellationToken cancel) => throw new NotSupportedException();

        public async Task Store(string ticket, Stream content, CancellationToken cancel)
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancel);
            Stored[ticket] = copy.ToArray();
        }
    }
}
