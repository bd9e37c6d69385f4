using System.Collections.Concurrent;
using System.Globalization;
using Ciel.Agent;
using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.Qemu;

namespace Ciel.Tests.Agent.Qemu;

public sealed class MachineTests : IAsyncDisposable, IObserver
{
    private const string Id = "0198c0de-0000-7000-8000-000000000001";
    private static readonly NicSpec Nic = new("port-0000001", "network-0001", "fa:16:3e:00:00:01", 1500, 5);
    private static readonly MachineSpec On = new(1, 64, new DiskSpec(null, 1), [Nic], true, 1, false, new HardwareSpec("", "", Id));
    private readonly ConcurrentQueue<Observed> seen = new();
    private readonly FakeHypervisor host = new();
    private readonly ManualTime time = new();
    private readonly GuestSigns signs = new();
    private readonly BootQueue queue;
    private readonly Machine machine;

    public MachineTests()
    {
        queue = new BootQueue(1, signs, time);
        machine = new Machine(Id, new MachineState(On with { On = false, Boots = 0 }, 1), host, queue, time, this);
        machine.Start(null);
    }

    void IObserver.Changed(string name, Observed observed) => seen.Enqueue(observed);

    [Fact]
    public async Task Each_increase_of_boots_starts_it_once()
    {
        await Becomes(On, ObjectStates.Running);
        machine.Ensure(On);
        machine.Ensure(On).Facts![FactKeys.Boots].ShouldBe("1");
        host.Launched.Count.ShouldBe(1);

        machine.Ensure(On with { Boots = 5 });
        await Eventually.True(() => host.Launched.Count == 2 && State() == ObjectStates.Running);
        host.Launched[0].Ended.ShouldBeTrue();
        machine.State.Boots.ShouldBe(5);
    }

    [Fact]
    public async Task The_process_is_on_disk_before_its_guest_runs()
    {
        await Becomes(On, ObjectStates.Running);
        host.Resumed.ShouldBe([(100, 100, 1)]);
    }

    [Theory]
    [InlineData(true, "guest")]
    [InlineData(false, "crash")]
    public async Task What_ended_by_itself_stays_ended_until_the_next_boot(bool poweredOff, string reason)
    {
        await Becomes(On, ObjectStates.Running);
        host.Launched[0].Become(poweredOff ? VmStatus.Off : VmStatus.Gone);
        await Eventually.True(() => State() == ObjectStates.Stopped);
        machine.Ensure(On).Facts![FactKeys.StopReason].ShouldBe(reason);
        host.Launched.Count.ShouldBe(1);
        host.Saved!.Child.ShouldBeNull();
        await Becomes(On with { Boots = 2 }, ObjectStates.Running);
        host.Launched.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_graceful_stop_presses_again_and_ends_by_force_after_a_minute()
    {
        await Becomes(On, ObjectStates.Running);
        machine.Ensure(On with { On = false, Graceful = true });
        await Eventually.True(() => host.Launched[0].Presses == 1);
        host.Launched[0].Ended.ShouldBeFalse();
        await Eventually.True(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return host.Launched[0].Ended;
        });
        host.Launched[0].Presses.ShouldBeGreaterThan(2);
        time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(new DateTimeOffset(2030, 1, 1, 0, 1, 0, TimeSpan.Zero));
        await Eventually.True(() => State() == ObjectStates.Stopped);
        machine.Observe().Facts![FactKeys.StopReason].ShouldBe("asked");
    }

    [Fact]
    public async Task A_graceful_stop_turns_hard_when_asked_to()
    {
        await Becomes(On, ObjectStates.Running);
        machine.Ensure(On with { On = false, Graceful = true });
        await Eventually.True(() => host.Launched[0].Presses == 1);
        await Becomes(On with { On = false }, ObjectStates.Stopped);
        host.Launched[0].Presses.ShouldBe(1);
    }

    [Fact]
    public async Task A_guest_that_obeys_is_stopped_as_asked()
    {
        await Becomes(On, ObjectStates.Running);
        machine.Ensure(On with { On = false, Graceful = true });
        await Eventually.True(() => host.Launched[0].Presses == 1);
        host.Launched[0].Become(VmStatus.Off);
        await Eventually.True(() => State() == ObjectStates.Stopped);
        machine.Observe().Facts![FactKeys.StopReason].ShouldBe("asked");
    }

    [Fact]
    public async Task A_failed_launch_counts_no_boot_and_is_tried_again_when_asked()
    {
        host.LaunchFails = new IOException("no tap");
        await Becomes(On, ObjectStates.Failed);
        machine.Observe().Error.ShouldBe("no tap");
        machine.State.Boots.ShouldBe(0);
        host.LaunchFails = null;
        host.ResumeFails = true;
        machine.Ensure(On);
        await Eventually.True(() => host.Launched.Count == 1 && State() == ObjectStates.Failed);
        host.Launched[0].Ended.ShouldBeTrue();
        host.Saved!.Child.ShouldBeNull();
        host.ResumeFails = false;
        await Becomes(On, ObjectStates.Running);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_waits_for_its_place_until_a_guest_shows_a_sign_or_half_a_minute_passed(bool sign)
    {
        var first = await queue.Enter(TestContext.Current.CancellationToken);
        queue.Booting(first, [Nic with { PortId = "port-0000009" }]);
        await Becomes(On, ObjectStates.Queued);
        signs.Seen("port-0000008");
        host.Launched.ShouldBeEmpty();
        if (sign)
        {
            signs.Seen("port-0000009");
        }
        else
        {
            time.Advance(TimeSpan.FromSeconds(30));
        }

        await Eventually.True(() => State() == ObjectStates.Running);
        first.Dispose();
        queue.TryEnter().ShouldBeNull("a place is given back once");
        signs.Seen(Nic.PortId);
        queue.TryEnter().ShouldNotBeNull();
    }

    [Fact]
    public async Task Absent_while_it_waits_leaves_the_queue_and_launches_nothing()
    {
        using var first = await queue.Enter(TestContext.Current.CancellationToken);
        await Becomes(On, ObjectStates.Queued);
        machine.Absent().State.ShouldBe(ObjectStates.Working);
        await machine.Erased;
        machine.Observe().State.ShouldBe(ObjectStates.Absent);
        host.Erased.ShouldBeTrue();
        host.Launched.ShouldBeEmpty();
        seen.Last().State.ShouldBe(ObjectStates.Absent);
    }

    [Fact]
    public async Task Off_while_it_prepares_ends_the_start()
    {
        host.OnPrepare = () => new TaskCompletionSource().Task;
        await Becomes(On, ObjectStates.Working);
        await Eventually.True(() => machine.Observe().Progress == 0.5);
        await Becomes(On with { On = false }, ObjectStates.Stopped);
        await Eventually.True(() => machine.State.Boots == 1, "a boot asked for together with off counts as done");
        host.Launched.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stopped_by_us_it_starts_again_when_wished_on()
    {
        await Becomes(On, ObjectStates.Running);
        await Becomes(On with { On = false }, ObjectStates.Stopped);
        await Becomes(On, ObjectStates.Running);
        machine.State.Boots.ShouldBe(1);
    }

    [Fact]
    public async Task Interfaces_follow_the_wish_while_it_runs()
    {
        await Becomes(On, ObjectStates.Running);
        Ports().ShouldBe("port-0000001");
        var second = Nic with { PortId = "port-0000002", Slot = 6 };
        machine.Ensure(On with { Nics = [Nic, second] });
        await Eventually.True(() => Ports() == "port-0000001 port-0000002");

        // The guest takes its time to give one back, and then QEMU tells.
        host.OnPlug = (_, _) => Task.CompletedTask;
        machine.Ensure(On with { Nics = [second] });
        await Eventually.True(() => Ports() == "port-0000002" && machine.Observe().Facts![FactKeys.Leaving] == "1");
        host.Launched[0].Nics = [NicDevice.Id(second)];
        host.Launched[0].Become(VmStatus.Running);
        await Eventually.True(() => !machine.Observe().Facts!.ContainsKey(FactKeys.Leaving));
        State().ShouldBe(ObjectStates.Running);
        host.Launched.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_guest_is_held_and_let_go()
    {
        await Becomes(On, ObjectStates.Running);
        await Becomes(On with { Paused = true }, ObjectStates.Paused);
        await Becomes(On, ObjectStates.Running);
        await Becomes(On with { Paused = true }, ObjectStates.Paused);
        await Becomes(On with { On = false, Graceful = true }, ObjectStates.Stopped);
        host.Launched[0].Presses.ShouldBe(0, "nobody hears the button");
        seen.Count(o => o.State == ObjectStates.Paused).ShouldBeGreaterThan(1, "it is reported, not only answered");
    }

    [Fact]
    public async Task What_cannot_be_plugged_is_tried_again_and_stops_nothing()
    {
        await Becomes(On, ObjectStates.Running);
        var tries = 0;
        host.OnPlug = (_, _) => ++tries < 3 ? throw new IOException("no tap") : Task.FromResult(host.Launched[0].Nics = []);
        machine.Ensure(On with { Nics = [] });
        await Eventually.True(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return !machine.Observe().Facts!.ContainsKey(FactKeys.Leaving);
        });
        tries.ShouldBe(3);
        State().ShouldBe(ObjectStates.Running);
    }

    [Fact]
    public async Task A_stopped_machine_has_the_interfaces_of_its_next_boot()
    {
        await Becomes(On with { On = false }, ObjectStates.Stopped);
        machine.Ensure(On with { On = false, Nics = [] }).Facts![FactKeys.Ports].ShouldBe("");
    }

    public async ValueTask DisposeAsync()
    {
        await machine.DisposeAsync();
        queue.Dispose();
    }

    private string Ports() => machine.Observe().Facts![FactKeys.Ports];

    private string State() => machine.Observe().State;

    private async Task Becomes(MachineSpec spec, string state)
    {
        machine.Ensure(spec);
        await Eventually.True(() => State() == state, string.Create(CultureInfo.InvariantCulture, $"{state} of {spec.Boots}"));
    }
}
