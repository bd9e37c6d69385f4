using System.Threading.Channels;
using Ciel.Core.Keepers;
using Ciel.Core.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Tests.Keepers;

/// <summary>How the engine sleeps: not too short while a turn goes on, and not for ever when the store fails.</summary>
public class KeeperSleepTests
{
    private const int QuestionsOfTwoTurns = 8;

    public static TheoryData<string> Both => TestStore.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_wake_during_a_turn_does_not_make_the_engine_spin_until_the_turn_ends(string kind)
    {
        await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
        var bell = new KeeperBell();
        var book = new KeeperBook(bell);
        var alarms = new Alarms();
        var end = new TaskCompletionSource();
        var keeper = new ScriptedKeeper(new()
        {
            ["long"] = async _ =>
            {
                await end.Task;
                return Next.Gone();
            },
        });
        await store.Db.Write(tx => book.Begin(tx, keeper.Kind, "a", "long"));
        using var stop = new CancellationTokenSource();
        var running = Engine(store.Db, bell, keeper, alarms).Run(stop.Token);
        await alarms.Next();
        await store.Db.Write(tx => book.Wake(tx, "a"));
        (await alarms.Next()).ShouldBeGreaterThan(TimeSpan.FromMinutes(1));
        end.SetResult();
        await stop.CancelAsync();
        await running;
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_store_that_fails_once_wherever_that_is_does_not_end_the_engine(string kind)
    {
        for (var question = 1; question <= QuestionsOfTwoTurns; question++)
        {
            await using var store = await TestStore.Open(kind, KeeperBook.Migrations);
            await using var flaky = new FlakyDb(store.Db, question);
            var bell = new KeeperBell();
            var done = Channel.CreateUnbounded<string>();
            var keeper = new ScriptedKeeper(new()
            {
                ["go"] = async turn =>
                {
                    await done.Writer.WriteAsync(turn.Id);
                    return Next.Gone();
                },
            });
            using var stop = new CancellationTokenSource();
            var running = Engine(flaky, bell, keeper, TimeProvider.System).Run(stop.Token);
            for (var i = 0; i < 2 || !flaky.HasFailed; i++)
            {
                await store.Db.Write(tx => new KeeperBook(bell).Begin(tx, keeper.Kind, "k" + i, "go"));
                var ran = done.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
                (await Task.WhenAny(ran, running)).ShouldBe(ran, $"the engine ended when question {question} failed");
            }

            await stop.CancelAsync();
            await running;
        }
    }

    private static KeeperEngine Engine(Db db, KeeperBell bell, Keeper keeper, TimeProvider time) =>
        new(db, bell, [keeper], time, new Random(1), NullLogger.Instance, new KeeperEngineOptions { Lease = TimeSpan.FromHours(1) });

    /// <summary>Notes for how long each alarm was set; none ever rings.</summary>
    private sealed class Alarms : TimeProvider
    {
        private readonly Channel<TimeSpan> _spans = Channel.CreateUnbounded<TimeSpan>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _spans.Writer.TryWrite(dueTime);
            return new Silent();
        }

        public ValueTask<TimeSpan> Next() => _spans.Reader.ReadAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Silent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
