using Ciel.Core.Store;
using Ciel.Hosting;

namespace Ciel.Tests.Store;

/// <summary>Both databases end up with the same columns, keys and indexes, as their own catalogs tell them.</summary>
public class SchemaTests
{
    private static readonly Migration[] Sample =
    [
        new("sample", 1,
        [
            """
            CREATE TABLE sample (id text NOT NULL PRIMARY KEY, "text" text NOT NULL DEFAULT 'text', n bigint, data bytea,
                parent text REFERENCES sample (id) ON DELETE CASCADE, UNIQUE (n, "text"))
            """,
            "CREATE TABLE sample_pair (a text NOT NULL, b bigint NOT NULL, PRIMARY KEY (b, a))",
            "CREATE INDEX sample_parent ON sample (parent, n DESC)",
            "CREATE UNIQUE INDEX sample_live ON sample (parent) WHERE n IS NULL AND \"text\" <> 'gone'",
        ]),
        new("sample", 2, ["ALTER TABLE sample ADD COLUMN later text"]),
    ];

    private static async Task<List<string>> Describe(string kind, IReadOnlyList<Migration> migrations)
    {
        await using var store = await TestStore.Open(kind, migrations);
        return await store.Db.Read(r => Catalog.Describe(r));
    }

    [Fact]
    public async Task TheProgramsTablesAreTheSameOnBoth()
    {
        var sqlite = await Describe("sqlite", CielHost.Schema);
        sqlite.ShouldContain("keeper.wake_at bigint not null");
        (await Describe("postgresql", CielHost.Schema)).ShouldBe(sqlite);
    }

    [Fact]
    public async Task EveryNeutralFormIsTheSameOnBoth()
    {
        var sqlite = await Describe("sqlite", Sample);
        sqlite.Where(l => l.Contains("sample", StringComparison.Ordinal)).ShouldBe(
        [
            "sample sample_parent (parent, n desc)",
            "sample unique (id)",
            "sample unique (n, text)",
            "sample unique sample_live (parent) where nisnullandtext<>'gone'",
            "sample.data bytea",
            "sample.id text not null key 1",
            "sample.later text",
            "sample.n bigint",
            "sample.parent refers to sample.id on delete cascade",
            "sample.parent text",
            "sample.text text not null",
            "sample_pair unique (b, a)",
            "sample_pair.a text not null key 2",
            "sample_pair.b bigint not null key 1",
        ]);
        (await Describe("postgresql", Sample)).ShouldBe(sqlite);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ADifferenceShows(string kind)
    {
        var before = await Describe(kind, Sample);
        (await Describe(kind, [.. Sample, new("sample", 3, ["DROP INDEX sample_live"])])).ShouldNotBe(before);
        (await Describe(kind, [.. Sample, new("sample", 3, ["ALTER TABLE sample ADD COLUMN more bigint"])])).ShouldNotBe(before);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task TypesAreHeldByTheDatabase(string kind)
    {
        await using var store = await TestStore.Open(kind, Sample);
        foreach (var wrong in (string[])["'x', 't', 'not a number', NULL", "NULL, 't', 1, NULL"])
        {
            await Should.ThrowAsync<Exception>(() => store.Db.Write(tx => tx.Execute($"INSERT INTO sample (id, \"text\", n, data) VALUES ({wrong})")));
        }

        await Should.ThrowAsync<Exception>(() => store.Db.Write(tx => tx.Execute("INSERT INTO sample_pair (a) VALUES ('b is no automatic number')")));
        await Should.ThrowAsync<Exception>(() => store.Db.Write(tx => tx.Execute("INSERT INTO sample (id, parent) VALUES ('a', 'nobody')")));
        (await store.Db.Read(r => r.Scalar<long>("SELECT count(*) FROM sample"))).ShouldBe(0);
    }
}
