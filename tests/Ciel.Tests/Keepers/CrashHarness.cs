using Ciel.Simulation;

namespace Ciel.Tests.Keepers;

/// <summary>
/// Every keeper survives every fault at every point: the points are counted in a run without fault, then each is struck once.
/// A fault that passes leaves the server ACTIVE and its copy whole; a delete leaves nothing.
/// </summary>
public class CrashHarness
{
    [Fact]
    public Task Without_a_fault() => Each(CrashFault.None, _ => 1);

    [Fact]
    public Task A_step_whose_commit_is_lost_runs_again() => Each(CrashFault.CommitLost, r => r.Commits);

    [Fact]
    public Task Another_controller_goes_on_after_a_kill_at_any_commit() => Each(CrashFault.Killed, r => r.Commits);

    [Fact]
    public Task A_delete_may_arrive_at_any_step() => Each(CrashFault.Deleted, r => r.Commits);

    [Fact]
    public Task Any_call_may_be_lost() => Each(CrashFault.CallLost, r => r.Calls);

    [Fact]
    public Task Any_answer_may_be_lost() => Each(CrashFault.AnswerLost, r => r.Calls);

    private static async Task Each(CrashFault fault, Func<CrashRun, int> points)
    {
        await using var template = await SimTemplate.Make();
        await using var clean = new CrashRun(template, CrashFault.None, 0);
        var whole = clean.Live();
        clean.Broken.ShouldBeEmpty();
        whole.ShouldBe(("ACTIVE", "active"));
        var wrong = new List<string>();
        for (var at = 1; at <= points(clean); at++)
        {
            await using var run = new CrashRun(template, fault, at);
            var outcome = run.Live();
            wrong.AddRange(run.Broken.Select(b => $"{fault} at {at}: {b}"));
            if (fault != CrashFault.Deleted && outcome != ("ACTIVE", "active"))
            {
                wrong.Add($"{fault} at {at}: the server is {outcome.Server}, its copy {outcome.Image}");
            }
        }

        wrong.ShouldBeEmpty();
    }
}
