using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Tests.Keepers;

/// <summary>The engine's promises, each on both databases.</summary>
public class KeeperEngineTests
{
    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Steps_run_in_order_and_the_row_goes(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var trace = new List<string>();
        var keeper = new ScriptedKeeper(new()
        {
            ["one"] = _ => Say("one", Next.Hop("two")),
            ["two"] = _ => Say("two", Next.Gone()),
        });
        var engine = Engine(store.Db, keeper);
        await Begin(store.Db, "a", "one");
        await Drain(engine);
        trace.ShouldBe(["one", "two"]);
        (await Count(store.Db)).ShouldBe(0);

        Task<Next> Say(string step, Next next)
        {
            trace.Add(step);
            return Task.FromResult(next);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_wake_during_a_turn_is_not_lost_by_its_nap(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var book = new KeeperBook(new KeeperBell());
        var turns = 0;
        var keeper = new ScriptedKeeper(new()
        {
            ["wait"] = async turn =>
            {
                turns++;
                if (turns == 1)
                {
                    await turn.Db.Write(tx => book.Wake(tx, "a"));
                }

                return Next.Nap(TimeSpan.FromHours(1));
            },
        });
        await Begin(store.Db, "a", "wait");
        await Drain(Engine(store.Db, keeper));
        turns.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_wake_after_the_lease_and_before_the_commit_is_not_lost(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var book = new KeeperBook(new KeeperBell());
        var turns = 0;
        var keeper = new ScriptedKeeper(new()
        {
            ["work"] = async turn =>
            {
                turns++;
                if (turns == 1)
                {
                    await turn.Db.Write(tx => book.Wake(tx, "a"));
                }

                return Next.Rest("work");
            },
        });
        await Begin(store.Db, "a", "work");
        await Drain(Engine(store.Db, keeper, new KeeperEngineOptions { Lease = TimeSpan.Zero }));
        turns.ShouldBe(2);
    }

    [Fact]
    public async Task A_claim_waits_for_a_wake_under_way_whose_change_it_would_not_see()
    {
        await using var store = await TestStore.Open("postgresql", KeeperBook.Migrations);
        var book = new KeeperBook(new KeeperBell());
        var seen = 0;
        var keeper = new ScriptedKeeper(new()
        {
            ["work"] = _ =>
            {
                seen++;
                return Task.FromResult(Next.Rest("work"));
            },
        });
        await Begin(store.Db, "a", "work");
        await store.Db.Write(async tx =>
        {
            await book.Wake(tx, "a");
            (await Engine(store.Db, keeper).RunOnce(TestContext.Current.CancellationToken)).ShouldBeFalse();
        });
        await Drain(Engine(store.Db, keeper));
        seen.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_turn_that_lost_its_lease_commits_nothing(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        await store.Db.Write(tx => tx.Execute(tx.Dialect.Ddl("CREATE TABLE mark (id text NOT NULL PRIMARY KEY)")));
        var keeper = new ScriptedKeeper(new()
        {
            ["slow"] = async turn =>
            {
                await turn.Db.Write(tx => tx.Execute("UPDATE keeper SET lease_no = lease_no + 1"));
                return Next.Gone(tx => tx.Execute("INSERT INTO mark (id) VALUES ('written')"));
            },
        });
        await Begin(store.Db, "a", "slow");
        await Engine(store.Db, keeper).RunOnce(TestContext.Current.CancellationToken);
        (await store.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM mark"))).ShouldBe(0);
        (await Count(store.Db)).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_failing_step_is_retried_and_says_why(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var keeper = new ScriptedKeeper(new() { ["bad"] = _ => throw new IOException("the cable is out") });
        await Begin(store.Db, "a", "bad");
        await Engine(store.Db, keeper).RunOnce(TestContext.Current.CancellationToken);
        var row = await store.Db.Read(r => r.First<KeeperRow>("SELECT * FROM keeper"));
        row!.Attempt.ShouldBe(1);
        row.LastError.ShouldBe("the cable is out");
        row.LeaseUntil.ShouldBe(0);
        row.Step.ShouldBe("bad");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Past_its_deadline_a_failing_keeper_fails_once(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var keeper = new ScriptedKeeper(new()
        {
            ["bad"] = _ => Task.FromResult(Next.Nap(TimeSpan.Zero)),
            ["undo"] = _ => Task.FromResult(Next.Gone()),
        });
        await store.Db.Write(tx => new KeeperBook(new KeeperBell()).Begin(tx, keeper.Kind, "a", "bad", TimeSpan.Zero));
        await Drain(Engine(store.Db, keeper));
        keeper.Faults.ShouldBe(["It took too long."]);
        (await Count(store.Db)).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Steps_that_this_program_does_not_know_are_left_alone(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        await Begin(store.Db, "a", "from-a-newer-release");
        (await Engine(store.Db, new ScriptedKeeper([])).RunOnce(TestContext.Current.CancellationToken)).ShouldBeFalse();
        (await Count(store.Db)).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Several_engines_share_the_work_and_no_step_runs_twice(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var runs = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var keeper = new ScriptedKeeper(new()
        {
            ["once"] = turn =>
            {
                runs.AddOrUpdate(turn.Id, 1, (_, n) => n + 1);
                return Task.FromResult(Next.Gone());
            },
        });
        await store.Db.Write(async tx =>
        {
            for (var i = 0; i < 200; i++)
            {
                await new KeeperBook(new KeeperBell()).Begin(tx, keeper.Kind, $"k{i}", "once");
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Drain(Engine(store.Db, keeper))));
        runs.Count.ShouldBe(200);
        runs.Values.ShouldAllBe(n => n == 1);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_engine_sleeps_until_a_bell_rings(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var done = new TaskCompletionSource();
        var bell = new KeeperBell();
        var keeper = new ScriptedKeeper(new()
        {
            ["go"] = _ =>
            {
                done.SetResult();
                return Task.FromResult(Next.Gone());
            },
        });
        using var stop = new CancellationTokenSource();
        var engine = new KeeperEngine(store.Db, bell, [keeper], TimeProvider.System, new Random(1), NullLogger.Instance);
        var running = engine.Run(stop.Token);
        await store.Db.Write(tx => new KeeperBook(bell).Begin(tx, keeper.Kind, "a", "go"));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await running;
    }

    private static KeeperEngine Engine(Db db, Keeper keeper, KeeperEngineOptions? options = null) =>
        new(db, new KeeperBell(), [keeper], TimeProvider.System, new Random(1), NullLogger.Instance, options);

    private static Task Begin(Db db, string id, string step) => db.Write(tx => new KeeperBook(new KeeperBell()).Begin(tx, "scripted", id, step));

    private static Task<long> Count(Db db) => db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM keeper"));

    private static async Task Drain(KeeperEngine engine)
    {
        while (await engine.RunOnce(TestContext.Current.CancellationToken))
        {
        }
    }
}
