using System.Text;
using Ciel.Core.Http.Egress;
using Ciel.Core.Keepers;
using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>
/// Sends a topic's events to its endpoint: those of one key in their order, each until it is taken or its time is over. One that was
/// sent as the program died is sent again.
/// </summary>
internal sealed class TopicKeeper(Egress egress) : OneStepKeeper(TopicKeeper.KindName, TopicKeeper.First)
{
    public const string KindName = "object.topic";
    public const string First = "deliver";

    private const int Wave = 8;
    private const int Waves = 4;
    private const int MostTurns = 8;
    private const long MostWaiting = 100_000;
    private const long MostKept = 1000;
    private static readonly EgressLimits Limits = new(TimeSpan.FromSeconds(5), Body: 512) { Redirects = 3 };

    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(2);
    private int _turns;

    // A turn waits for receivers that tenants chose, and all keepers of the cloud share the turns: slow ones must leave some to the others.
    protected override async Task<Next> Run(Turn turn)
    {
        try
        {
            return Interlocked.Increment(ref _turns) > MostTurns ? Next.Nap(Busy) : await Try(turn);
        }
        finally
        {
            Interlocked.Decrement(ref _turns);
        }
    }

    private async Task<Next> Try(Turn turn)
    {
        var (topic, due, nextAt) = await turn.Db.Read(
            async r => (await TopicStore.ById(r, turn.Id), await EventStore.Due(r, turn.Id, turn.Now, Wave * Waves), await EventStore.NextAt(r, turn.Id)), turn.Cancel);
        if (topic is null)
        {
            return Next.Gone();
        }

        if (due.Count == 0 || topic.Endpoint is null)
        {
            return nextAt is { } at && topic.Endpoint is not null ? Next.Nap(TimeSpan.FromMicroseconds(Math.Max(0, at - turn.Now))) : Next.Rest(First);
        }

        var outcomes = new List<Outcome>();
        foreach (var wave in due.Chunk(Wave))
        {
            var done = await Task.WhenAll(wave.Select(e => Send(topic.Endpoint, e, turn.Cancel)));
            outcomes.AddRange(done);
            if (Array.TrueForAll(done, o => o.Error is not null))
            {
                // Nobody takes anything there now; the others need not be tried.
                break;
            }
        }

        return Next.Hop(First, tx => Settle(tx, topic, outcomes));
    }

    private async Task<Outcome> Send(string endpoint, EventRow row, CancellationToken cancel)
    {
        try
        {
            var answer = await egress.Call(
                url => new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(row.Record, Encoding.UTF8, "application/json"), Headers = { { "User-Agent", "Ciel" } } },
                EgressGate.Url(endpoint),
                Limits,
                cancel);
            return new Outcome(row, answer.Good ? null : $"{endpoint} answered {(int)answer.Status}.");
        }
        catch (EgressRefusedException refused)
        {
            return new Outcome(row, refused.Message);
        }
    }

    private static async Task Settle(Tx tx, TopicRow topic, List<Outcome> outcomes)
    {
        await EventStore.Delete(tx, [.. outcomes.Where(o => o.Error is null).Select(o => o.Row.Id)]);
        var dead = 0L;
        foreach (var (row, error) in outcomes.Where(o => o.Error is not null))
        {
            var over = tx.Now - row.CreatedAt > topic.Lifetime || row.Attempts >= topic.MostRetries;
            await EventStore.Fail(tx, row.Id, tx.Now + topic.Pause(row.Attempts), over, error!);
            dead += over ? 1 : 0;
        }

        if (outcomes.LastOrDefault(o => o.Error is not null) is { } last)
        {
            dead += await Shorten(tx, topic.Id);
            await TopicStore.Count(tx, topic.Id, outcomes.Count(o => o.Error is null), dead, last.Error);
        }
        else
        {
            await TopicStore.Count(tx, topic.Id, outcomes.Count, 0, null);
        }
    }

    // An endpoint that is gone for good must not fill the store.
    private static async Task<long> Shorten(Tx tx, string topicId)
    {
        var given = 0;
        if (await EventStore.Count(tx, topicId, dead: false) is > MostWaiting and var waiting)
        {
            given = await EventStore.Shorten(tx, topicId, waiting - MostWaiting);
        }

        if (await EventStore.Count(tx, topicId, dead: true) is > MostKept and var kept)
        {
            await EventStore.Forget(tx, topicId, kept - MostKept);
        }

        return given;
    }

    private sealed record Outcome(EventRow Row, string? Error);
}
