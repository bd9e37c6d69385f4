using Ciel.Core.Store;

namespace Ciel.Tests.Store;

public class MigrationsTests
{
    private static Migration Step(int number, params string[] statements) => new("pet", number, statements);

    private static readonly Migration[] Pets =
    [
        Step(1, "CREATE TABLE pet (id text NOT NULL PRIMARY KEY, name text NOT NULL)"),
        Step(2, "ALTER TABLE pet ADD COLUMN age bigint", "CREATE UNIQUE INDEX pet_name ON pet (name)"),
    ];

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AreAppliedOnceAndInOrder(string kind)
    {
        await using var store = await TestStore.Open(kind, Pets[0]);
        await store.Db.Write(tx => tx.Execute("INSERT INTO pet (id, name) VALUES ('a', 'Ada')"));
        await Migrations.Apply(store.Db, Pets);
        await Migrations.Apply(store.Db, Pets);
        (await store.Db.Read(r => r.Query<(string Id, long? Age)>("SELECT id, age FROM pet"))).ShouldBe([("a", null)]);
        (await store.Db.Read(r => r.Query<(string, int)>("SELECT owner, number FROM schema_version ORDER BY owner, number")))
            .ShouldBe([("pet", 1), ("pet", 2), ("store", 1)]);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task RefuseANewerStore(string kind)
    {
        await using var store = await TestStore.Open(kind, Pets);
        var refused = await Should.ThrowAsync<StoreIsNewerException>(() => Migrations.Apply(store.Db, [Pets[0]]));
        refused.Message.ShouldContain("pet 2");
        await Should.ThrowAsync<StoreIsNewerException>(() => Migrations.Apply(store.Db, []));
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AreAllOrNothing(string kind)
    {
        await using var store = await TestStore.Open(kind);
        await Should.ThrowAsync<Exception>(() => Migrations.Apply(store.Db, [.. Pets, Step(3, "INSERT INTO nowhere VALUES (1)")]));
        (await store.Db.Read(r => r.Scalar<long>("SELECT count(*) FROM schema_version WHERE owner = 'pet'"))).ShouldBe(0);
        await Migrations.Apply(store.Db, Pets);
        (await store.Db.Read(r => r.Scalar<long>("SELECT count(*) FROM pet"))).ShouldBe(0);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task MayStartOnSeveralControllersAtOnce(string kind)
    {
        await using var store = await TestStore.Open(kind);
        var controllers = Enumerable.Range(0, 4).Select(_ => store.Again()).ToList();
        await Task.WhenAll(controllers.Select(db => Task.Run(() => Migrations.Apply(db, Pets))));
        (await store.Db.Read(r => r.Scalar<long>("SELECT count(*) FROM schema_version"))).ShouldBe(3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public async Task RefuseGapsAndDoubles(params int[] numbers)
    {
        await using var store = await TestStore.Open("sqlite");
        await Should.ThrowAsync<ArgumentException>(() => Migrations.Apply(store.Db, numbers.Select(n => Step(n))));
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ANewEpochIsAboveTheOldAndNeverTheSameTwice(string kind)
    {
        await using var store = await TestStore.Open(kind);
        (await StoreMeta.Epoch(store.Db)).ShouldBe(1);
        var before = await store.Db.Now();
        var second = await store.Db.Write(StoreMeta.NewEpoch);
        second.ShouldBeGreaterThanOrEqualTo(before);
        (await StoreMeta.Epoch(store.Db)).ShouldBe(second);
        (await store.Db.Write(StoreMeta.NewEpoch)).ShouldBeGreaterThan(second);
    }
}
