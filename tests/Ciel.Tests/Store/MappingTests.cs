using Ciel.Core.Store;

namespace Ciel.Tests.Store;

public class MappingTests
{
    private static readonly Migration[] Things =
    [
        new("thing", 1,
        [
            "CREATE TABLE thing (id text NOT NULL PRIMARY KEY, project_id text, size_gib bigint NOT NULL, is_public bigint NOT NULL, data bytea, deleted_at bigint)",
        ]),
    ];

    internal sealed record Positional(string Id, string? ProjectId, int SizeGib, bool IsPublic, byte[]? Data, long? DeletedAt);

    internal sealed class Settable
    {
        public required string Id { get; init; }
        public string? ProjectId { get; init; }
        public long SizeGib { get; init; }
        public bool? IsPublic { get; init; }
        public byte[]? Data { get; init; }
        public int? DeletedAt { get; init; }
        public string Title => Id + "!";
    }

    internal sealed record Both(string Id)
    {
        public int SizeGib { get; init; }
        public string Absent { get; init; } = "as it was";
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task RowsBecomeRecordsAndClasses(string kind)
    {
        await using var store = await TestStore.Open(kind, Things);
        var one = new Positional("a", "p", 7, true, [1, 2], 5);
        var two = new Positional("b", null, 0, false, null, null);
        await store.Db.Write(async tx =>
        {
            foreach (var row in new[] { one, two })
            {
                (await tx.Execute("INSERT INTO thing VALUES (@Id, @ProjectId, @SizeGib, @IsPublic, @Data, @DeletedAt)", row)).ShouldBe(1);
            }
        });

        await store.Db.Read(async r =>
        {
            var positional = await r.Query<Positional>("SELECT * FROM thing ORDER BY id");
            positional[0].ShouldBe(one with { Data = positional[0].Data });
            positional[0].Data.ShouldBe(one.Data);
            positional[1].ShouldBe(two);
            var settable = await r.Query<Settable>("SELECT * FROM thing ORDER BY id DESC");
            settable[0].ShouldBeEquivalentTo(new Settable { Id = "b", IsPublic = false });
            settable[1].ShouldBeEquivalentTo(new Settable { Id = "a", ProjectId = "p", SizeGib = 7, IsPublic = true, Data = [1, 2], DeletedAt = 5 });
            (await r.First<Both>("SELECT * FROM thing WHERE id = @Id", new { Id = "a" })).ShouldBe(new Both("a") { SizeGib = 7 });
            return true;
        });
    }
}
