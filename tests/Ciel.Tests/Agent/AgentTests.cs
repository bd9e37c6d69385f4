using Ciel.Agent;
using Ciel.Agent.Contract;

namespace Ciel.Tests.Agent;

public sealed class AgentTests : IDisposable
{
    private const string Name = "machine/0198c0de-0000-7000-8000-000000000001";
    private static readonly MachineSpec Spec = new(1, 64, new DiskSpec(null, 1), [], true, 1, false, new HardwareSpec("", "", Name[8..]));
    private readonly string data = Directory.CreateTempSubdirectory("ciel-agent-").FullName;
    private readonly FakeDriver driver = new();
    private readonly FakeController controller = new();
    private readonly ManualTime time = new();
    private IObserver? observer;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_older_fence_is_refused_and_the_same_may_be_repeated()
    {
        await using var agent = await Start();
        await agent.Ensure(Ensure(lease: 2, call: 1), Cancel);
        await agent.Ensure(Ensure(lease: 2, call: 1), Cancel);
        await agent.Ensure(Ensure(lease: 2, call: 2), Cancel);
        await Refused(() => agent.Ensure(Ensure(lease: 2, call: 1), Cancel));
        await Refused(() => agent.Absent(new AbsentRequest(Name, new Fence(1, 9, 1, 9)), Cancel));
        driver.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_fence_outlives_the_object_and_the_agent()
    {
        await using (var agent = await Start())
        {
            await agent.Ensure(Ensure(lease: 3, call: 1), Cancel);
            (await agent.Absent(new AbsentRequest(Name, new Fence(1, 1, 3, 2)), Cancel)).State.ShouldBe(ObjectStates.Absent);
            (await agent.Inventory(Cancel)).ShouldBeEmpty();
            await Refused(() => agent.Ensure(Ensure(lease: 3, call: 1), Cancel));
        }

        await using var next = await Start();
        await Refused(() => next.Ensure(Ensure(lease: 3, call: 1), Cancel));
        await next.Ensure(Ensure(lease: 4, call: 1), Cancel);
    }

    [Fact]
    public async Task What_has_been_absent_for_longer_than_any_lease_is_forgotten()
    {
        await using (var agent = await Start())
        {
            await agent.Absent(new AbsentRequest(Name, new Fence(1, 1, 3, 2)), Cancel);
        }

        time.Advance(TimeSpan.FromDays(29));
        await (await Start()).DisposeAsync();
        Directory.EnumerateFiles(data, "*.json", SearchOption.AllDirectories).ShouldHaveSingleItem();
        time.Advance(TimeSpan.FromDays(2));
        await (await Start()).DisposeAsync();
        Directory.EnumerateFiles(data, "*.json", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_half_written_record_is_not_taken_for_one()
    {
        await using (var agent = await Start())
        {
            await agent.Ensure(Ensure(lease: 3, call: 1), Cancel);
        }

        var record = Path.Combine(data, "objects", Name + ".json");
        await File.WriteAllTextAsync(record + ".new", "{ half", Cancel);
        await using var next = await Start();
        await Refused(() => next.Ensure(Ensure(lease: 2, call: 1), Cancel));
    }

    [Theory]
    [InlineData("machine/../../etc/passwd")]
    [InlineData("machine/short")]
    [InlineData("machine/0198c0de-0000-7000-8000-00000000000é")]
    [InlineData("volume/0198c0de-0000-7000-8000-000000000001")]
    [InlineData("machine")]
    [InlineData("")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        await using var agent = await Start();
        var request = Ensure(1, 1) with { Name = name };
        (await Should.ThrowAsync<AgentRefusedException>(() => agent.Ensure(request, Cancel))).Stale.ShouldBeFalse();
        driver.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Slow_work_is_answered_in_time_and_its_end_is_pushed()
    {
        var slow = new TaskCompletionSource<Observed>();
        driver.OnEnsure = _ => slow.Task;
        await using var agent = await Start();
        var answer = agent.Ensure(Ensure(1, 1), Cancel);
        await Eventually.True(() => driver.Calls.Count == 1);
        await Passes(answer);
        (await answer).State.ShouldBe(ObjectStates.Working);

        var second = agent.Ensure(Ensure(1, 2), Cancel);
        await Passes(second);
        await Should.ThrowAsync<TimeoutException>(second);
        driver.Calls.Count.ShouldBe(1, "one call at a time for each name");

        slow.SetResult(new Observed(ObjectStates.Ready));
        await Eventually.True(() => controller.Reports.Any(report => report.State == ObjectStates.Ready));
        driver.OnEnsure = _ => Task.FromResult(new Observed(ObjectStates.Ready));
        (await agent.Ensure(Ensure(1, 2), Cancel)).State.ShouldBe(ObjectStates.Ready);
    }

    [Fact]
    public async Task An_answer_that_was_overtaken_by_a_change_does_not_undo_it()
    {
        var (looked, slow) = (new TaskCompletionSource(), new TaskCompletionSource());
        driver.OnEnsure = async _ =>
        {
            var seen = new Observed(ObjectStates.Working);
            looked.SetResult();
            await slow.Task;
            return seen;
        };
        await using var agent = await Start();
        var answer = agent.Ensure(Ensure(1, 1), Cancel);
        await looked.Task;
        observer!.Changed(Name, new Observed(ObjectStates.Running));
        slow.SetResult();
        (await answer).State.ShouldBe(ObjectStates.Running);
        (await agent.Inventory(Cancel)).Single().State.ShouldBe(ObjectStates.Running);
    }

    [Fact]
    public async Task The_time_of_a_state_is_kept_over_a_restart_and_never_stands_still()
    {
        long since;
        await using (var agent = await Start())
        {
            since = (await agent.Ensure(Ensure(1, 1), Cancel)).SinceMicros;
            observer!.Changed(Name, new Observed(ObjectStates.Running));
            (await agent.Inventory(Cancel)).Single().SinceMicros.ShouldBe(since + 1);
        }

        time.Advance(TimeSpan.FromHours(1));
        driver.Adopted[Name] = new Observed(ObjectStates.Running);
        await using var next = await Start();
        var report = (await next.Inventory(Cancel)).Single();
        report.SinceMicros.ShouldBe(since + 1);
        report.Generation.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_driver_lost_with_the_host_is_made_again_from_its_last_spec()
    {
        await using (var agent = await Start())
        {
            await agent.Ensure(Ensure(1, 1), Cancel);
        }

        await using var next = await Start();
        driver.Calls.ShouldBe(["ensure " + Name, "ensure " + Name]);
        (await next.Inventory(Cancel)).Single().State.ShouldBe(ObjectStates.Ready);
    }

    [Fact]
    public async Task Reports_are_repeated_until_delivered_and_only_the_newest_of_each_name()
    {
        controller.Failures = 3;
        await using var agent = await Start();
        for (var i = 0; i < 10; i++)
        {
            observer!.Changed(Name, new Observed(ObjectStates.Working, Progress: i / 10.0));
        }

        observer!.Changed(Name, new Observed(ObjectStates.Ready));
        for (var i = 0; i < 200 && controller.Reports.Count == 0; i++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(5, Cancel);
        }

        controller.Reports[^1].State.ShouldBe(ObjectStates.Ready);
        controller.Reports.Count.ShouldBeLessThan(11);
    }

    [Fact]
    public async Task The_wire_carries_every_call_and_every_refusal()
    {
        await using var inner = await Start();
        var agent = new SerializedAgent(inner);
        (await agent.Ensure(Ensure(2, 1), Cancel)).ShouldBe(new Report("node1", Name, 1, ObjectStates.Ready, 1893456000000001));
        (await agent.Inventory(Cancel)).Single().Name.ShouldBe(Name);
        await Refused(() => agent.Ensure(Ensure(1, 1), Cancel));
        (await agent.Absent(new AbsentRequest(Name, new Fence(1, 1, 2, 2)), Cancel)).State.ShouldBe(ObjectStates.Absent);

        var wire = new SerializedController(controller);
        var question = new MetadataQuestion("p", "GET", "/", new Dictionary<string, string> { ["a"] = "b" }, [1, 2, 3]);
        (await wire.Ask(question, Cancel)).Body.ShouldBe([1, 2, 3]);
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private static EnsureRequest Ensure(long lease, long call) => new(Name, new Fence(1, 1, lease, call), Spec);

    private static async Task Refused(Func<Task> call) => (await Should.ThrowAsync<AgentRefusedException>(call)).Stale.ShouldBeTrue();

    private async Task Passes(Task answer)
    {
        await Eventually.True(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return answer.IsCompleted;
        });
    }

    private async Task<Ciel.Agent.Agent> Start()
    {
        var options = new AgentOptions { Instance = "t", Node = "node1", Data = data, Self = "/bin/false" };
        var agent = new Ciel.Agent.Agent(options, controller, time, changes =>
        {
            observer = changes;
            return [driver];
        });
        await agent.StartAsync(Cancel);
        return agent;
    }
}
