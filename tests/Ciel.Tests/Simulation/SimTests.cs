using Ciel.Simulation;

namespace Ciel.Tests.Simulation;

/// <summary>The simulator holds the cloud to its promises, repeats itself, and catches what is planted.</summary>
public class SimTests(SimTests.Ground ground) : IClassFixture<SimTests.Ground>
{
    [Fact]
    public async Task The_promises_hold_for_ten_seeds()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var result = await SimRun.Of(new SimOptions(seed), ground.Template);
            result.Broken.ShouldBeEmpty($"seed {seed}");
            result.Runs.ShouldBeGreaterThan(3, $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_seed_repeats()
    {
        var first = await SimRun.Of(new SimOptions(3), ground.Template);
        (await SimRun.Of(new SimOptions(3), ground.Template)).Hash.ShouldBe(first.Hash);
        (await SimRun.Of(new SimOptions(4), ground.Template)).Hash.ShouldNotBe(first.Hash);
    }

    [Fact]
    public async Task Nodes_that_obey_stale_calls_are_caught() => (await Caught(seed => new SimOptions(seed, Fenced: false))).ShouldBeTrue();

    [Fact]
    public async Task Commits_under_lost_leases_are_caught() => (await Caught(seed => new SimOptions(seed, Guarded: false))).ShouldBeTrue();

    private async Task<bool> Caught(Func<int, SimOptions> options)
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            if ((await SimRun.Of(options(seed), ground.Template)).Broken.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One set-up for all tests of the class.</summary>
    public sealed class Ground : IAsyncLifetime
    {
        internal SimTemplate Template { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Template = await SimTemplate.Make();

        public ValueTask DisposeAsync() => Template.DisposeAsync();
    }
}
