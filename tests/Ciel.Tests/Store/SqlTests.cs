using Ciel.Core.Store;

namespace Ciel.Tests.Store;

/// <summary>The same SQL means the same on both databases.</summary>
public class SqlTests
{
    private static readonly Migration[] Words =
    [
        new("word", 1, ["CREATE TABLE word (id bigint NOT NULL PRIMARY KEY, name text, note text NOT NULL DEFAULT 'text @none')"]),
    ];

    private static async Task<TestStore> Open(string kind, params string?[] names)
    {
        var store = await TestStore.Open(kind, Words);
        await store.Db.Write(async tx =>
        {
            foreach (var (id, name) in names.Index()) await tx.Execute("INSERT INTO word (id, name) VALUES (@Id, @name)", new { id, name });
        });
        return store;
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task InTakesAnyNumberOfValues(string kind)
    {
        await using var store = await Open(kind, "a", "b", "c'\"\\", "ü\u2028");
        Task<List<long>> Ids(string where, object args) => store.Db.Read(r => r.Query<long>($"SELECT id FROM word WHERE {where} ORDER BY id", args));

        (await Ids("name IN @Names", new { Names = new[] { "a", "c'\"\\", "ü\u2028", "none" } })).ShouldBe([0, 2, 3]);
        (await Ids("name in @Names AND id IN @Some", new { Names = (string[])["a", "b"], Some = new List<int> { 1, 2 } })).ShouldBe([1]);
        (await Ids("id NOT IN @Some", new { Some = new HashSet<long> { 0, 1 } })).ShouldBe([2, 3]);
        (await Ids("name IN @Names", new { Names = Array.Empty<string>() })).ShouldBeEmpty();
        (await Ids("name NOT IN @Names", new { Names = Array.Empty<string>() })).Count.ShouldBe(4);
        (await Ids("id IN @Many", new { Many = Enumerable.Range(1, 5000) })).ShouldBe([1, 2, 3]);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task TextSortsBytewise(string kind)
    {
        string[] names = ["a", "B", "Z", "_", "z", "ä", "-a", "a-b", "ab", "", "~", "\U0001F600", "\uFFFD"];
        await using var store = await Open(kind, names);
        var sorted = await store.Db.Read(r => r.Query<string>("SELECT name FROM word ORDER BY name"));
        sorted.ShouldBe(names.OrderBy(n => n, Comparer<string>.Create((x, y) => Bytes(x).AsSpan().SequenceCompareTo(Bytes(y)))));
        (await store.Db.Read(r => r.Query<string>("SELECT name FROM word WHERE name > @a AND name < @b ORDER BY name", new { a = "a", b = "b" })))
            .ShouldBe(["a-b", "ab"]);

        static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ContainsAndStartsWithTakeEveryCharacterAsItself(string kind)
    {
        await using var store = await Open(kind, "50%_\\x", "50 percent", "Ab", "ab", null);
        Task<List<string>> Like(string predicate, string q) =>
            store.Db.Read(r => r.Query<string>($"SELECT name FROM word WHERE {predicate} ORDER BY id", new { q }));
        var contains = store.Db.Dialect.Contains("name", "@q");
        var starts = store.Db.Dialect.StartsWith("name", "@q");

        (await Like(contains, "%")).ShouldBe(["50%_\\x"]);
        (await Like(contains, "0%_")).ShouldBe(["50%_\\x"]);
        (await Like(contains, "\\")).ShouldBe(["50%_\\x"]);
        (await Like(contains, "b")).ShouldBe(["Ab", "ab"]);
        (await Like(contains, "a")).ShouldBe(["ab"]);
        (await Like(contains, "")).Count.ShouldBe(4);
        (await Like(starts, "50%")).ShouldBe(["50%_\\x"]);
        (await Like(starts, "5_")).ShouldBeEmpty();
        (await Like(starts, "A")).ShouldBe(["Ab"]);
        (await Like(starts, "")).Count.ShouldBe(4);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task SingleValuesAndTuples(string kind)
    {
        await using var store = await Open(kind, "a", null);
        await store.Db.Read(async r =>
        {
            (await r.Scalar<long>("SELECT count(*) FROM word")).ShouldBe(2);
            (await r.Scalar<int>("SELECT max(id) FROM word")).ShouldBe(1);
            (await r.Scalar<long>("SELECT sum(id) FROM word")).ShouldBe(1);
            (await r.Scalar<long>("SELECT sum(id) FROM word WHERE id > 9")).ShouldBe(0);
            (await r.Scalar<long?>("SELECT max(id) FROM word WHERE id > 9")).ShouldBeNull();
            (await r.Scalar<bool>("SELECT EXISTS (SELECT 1 FROM word WHERE id = @id)", new { id = 1 })).ShouldBeTrue();
            (await r.Scalar<bool>("SELECT EXISTS (SELECT 1 FROM word WHERE id = @id)", new { id = 9 })).ShouldBeFalse();
            (await r.Scalar<string>("SELECT name FROM word WHERE id = 1")).ShouldBeNull();
            (await r.First<string>("SELECT name FROM word WHERE id = 9")).ShouldBeNull();
            (await r.First<(long, string?)>("SELECT id, name FROM word WHERE id = 1")).ShouldBe((1, null));
            (await r.Query<string?>("SELECT name FROM word ORDER BY id")).ShouldBe(["a", null]);
            (await r.Scalar<string>("SELECT note FROM word WHERE note = 'text @none' LIMIT 1 -- @nothing")).ShouldBe("text @none");
            return true;
        });
        await Should.ThrowAsync<Exception>(() => store.Db.Read(r => r.Query<long>("SELECT NULL")));
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ParametersComeFromObjectsAndDictionariesAndMayBeNull(string kind)
    {
        await using var store = await Open(kind, "a", null);
        const string sql = "SELECT id FROM word WHERE (@name IS NULL OR name = @name) AND (@least IS NULL OR id >= @least) ORDER BY id";
        Task<List<long>> Ids(object args) => store.Db.Read(r => r.Query<long>(sql, args));

        (await Ids(new { name = (string?)null, least = (long?)null })).ShouldBe([0, 1]);
        (await Ids(new { NAME = "a", least = (int?)0 })).ShouldBe([0]);
        (await Ids(new Dictionary<string, object?> { ["name"] = "a", ["least"] = 1L, ["more"] = new object() })).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ExecuteAnswersHowManyRowsItChanged(string kind)
    {
        await using var store = await Open(kind, "a", "b");
        Task<int> Rows(string sql) => store.Db.Write(tx => tx.Execute(sql));

        (await Rows("UPDATE word SET note = 'n'")).ShouldBe(2);
        (await Rows("UPDATE word SET note = 'n' WHERE id > 9")).ShouldBe(0);
        (await Rows("INSERT INTO word (id) VALUES (1) ON CONFLICT DO NOTHING")).ShouldBe(0);
        (await Rows("INSERT INTO word (id) VALUES (1), (2) ON CONFLICT DO NOTHING")).ShouldBe(1);
        (await Rows("INSERT INTO word (id, name) VALUES (1, 'c') ON CONFLICT (id) DO UPDATE SET name = excluded.name")).ShouldBe(1);
        (await Rows("DELETE FROM word WHERE id IN (0, 1)")).ShouldBe(2);
        (await Rows("DELETE FROM word WHERE id IN (0, 1)")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ArgumentsThatOneOfThemWouldMisreadAreRefused(string kind)
    {
        await using var store = await Open(kind, "a");
        Task Refused(string where, object? args) => Should.ThrowAsync<ArgumentException>(
            () => store.Db.Read(r => r.Query<long>($"SELECT id FROM word WHERE {where}", args)));

        await Refused("name = @name", null);
        await Refused("name = @name", new { other = 1 });
        await Refused("name = @name", new { name = "a\0b" });
        await Refused("name = @name", new { name = (string[])["a"] });
        await Refused("name IN @name", new { name = "a" });
        await Refused("name IN @name", new { name = (string?)null });
        await Refused("name = @name", new { name = Guid.Empty });
        await Refused("id = @id", new { id = 1.5m });
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AColumnAddedMeanwhileDisturbsNobody(string kind)
    {
        await using var store = await Open(kind, "a");
        Task<List<Word>> Read() => store.Db.Read(r => r.Query<Word>("SELECT * FROM word"));
        Task<List<Word>> Touch() => store.Db.Write(tx => tx.Query<Word>("UPDATE word SET note = 'n' RETURNING *"));

        for (var i = 0; i < 5; i++) (await Read()).Concat(await Touch()).Count().ShouldBe(2);
        await store.Again().Write(tx => tx.Execute(tx.Dialect.Ddl("ALTER TABLE word ADD COLUMN size bigint NOT NULL DEFAULT 7")));
        (await Touch()).ShouldBe([new Word(0, "a", 7)]);
        (await Read()).ShouldBe([new Word(0, "a", 7)]);
    }

    internal sealed record Word(long Id, string? Name, int Size = 0);
}
