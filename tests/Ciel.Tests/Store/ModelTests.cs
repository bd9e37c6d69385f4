using Ciel.Core.Store;
using CsCheck;

namespace Ciel.Tests.Store;

/// <summary>Whatever callers do, the store holds what a dictionary would hold.</summary>
public class ModelTests
{
    private static readonly Migration[] Entries =
        [new("entry", 1, ["CREATE TABLE entry (id text NOT NULL PRIMARY KEY, value text, n bigint NOT NULL)"])];

    private enum Act
    {
        Insert,
        Put,
        Add,
        Delete,
    }

    internal sealed record Entry(string Id, string? Value, long N);

    private sealed record Step(Act Act, Entry Entry);

    private sealed record Transaction(Step[] Steps, bool Fails);

    private static readonly string[] Keys = ["a", "b", "B", "ä", ""];

    private static readonly Gen<string> Text = Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\u00a1', '\ud7ff']), 0, 20];

    private static readonly Gen<Entry> AnyEntry =
        Gen.Select(Gen.Int[0, 4].Select(i => Keys[i]), Gen.OneOf(Text.Select(t => (string?)t), Gen.Int[0, 0].Select(_ => (string?)null)), Gen.Long, (id, value, n) => new Entry(id, value, n));

    private static readonly Gen<Transaction[]> History = Gen.Select(
        Gen.Select(Gen.Enum<Act>(), AnyEntry, (act, entry) => new Step(act, entry)).Array[1, 5],
        Gen.Int[0, 4],
        (steps, die) => new Transaction(steps, die == 0)).Array[0, 12];

    private sealed class BodyFailed : Exception;

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task TheStoreIsADictionary(string kind)
    {
        await using var store = await TestStore.Open(kind, Entries);
        await History.SampleAsync(
            async history =>
            {
                await store.Db.Write(tx => tx.Execute("DELETE FROM entry"));
                var model = new Dictionary<string, Entry>();
                foreach (var transaction in history)
                {
                    var (expected, next) = Expect(transaction, model);
                    (await Happened(store.Db, transaction)).ShouldBe(expected);
                    model = next;
                }

                var rows = await store.Db.Read(r => r.Query<Entry>("SELECT * FROM entry"));
                rows.ShouldBe(model.Values, ignoreOrder: true);
            },
            iter: 60,
            threads: 1);
    }

    private static async Task<string> Happened(Db db, Transaction transaction)
    {
        try
        {
            return await db.Write(async tx =>
            {
                var changed = new List<int>();
                foreach (var step in transaction.Steps) changed.Add(await tx.Execute(Sql(step.Act), step.Entry));
                return transaction.Fails ? throw new BodyFailed() : string.Join(' ', changed);
            });
        }
        catch (Exception e) when (e is BodyFailed or UniqueViolationException)
        {
            return e.GetType().Name;
        }
    }

    private static string Sql(Act act) => act switch
    {
        Act.Insert => "INSERT INTO entry (id, value, n) VALUES (@Id, @Value, @N)",
        Act.Put => "INSERT INTO entry (id, value, n) VALUES (@Id, @Value, @N) ON CONFLICT (id) DO UPDATE SET value = excluded.value, n = excluded.n",
        Act.Add => "UPDATE entry SET n = 1 + @N / 2 WHERE id = @Id AND (value = @Value OR value IS NULL AND @Value IS NULL)",
        _ => "DELETE FROM entry WHERE id = @Id",
    };

    private static (string Outcome, Dictionary<string, Entry> Next) Expect(Transaction transaction, Dictionary<string, Entry> before)
    {
        var next = new Dictionary<string, Entry>(before);
        var changed = new List<int>();
        foreach (var (act, entry) in transaction.Steps.Select(s => (s.Act, s.Entry)))
        {
            var known = next.GetValueOrDefault(entry.Id);
            if (act == Act.Insert && known is not null) return (nameof(UniqueViolationException), before);
            var hit = act switch { Act.Add => known is not null && known.Value == entry.Value, Act.Delete => known is not null, _ => true };
            changed.Add(hit ? 1 : 0);
            if (act is Act.Insert or Act.Put) next[entry.Id] = entry;
            else if (act == Act.Add && hit) next[entry.Id] = known! with { N = 1 + entry.N / 2 };
            else if (act == Act.Delete) next.Remove(entry.Id);
        }

        return transaction.Fails ? (nameof(BodyFailed), before) : (string.Join(' ', changed), next);
    }
}
