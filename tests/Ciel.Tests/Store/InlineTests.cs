using Ciel.Core.Store;

namespace Ciel.Tests.Store;

/// <summary>The simulator's store: all on the caller, in order.</summary>
public class InlineTests
{
    private static readonly Migration[] Marks = [new("mark", 1, ["CREATE TABLE mark (id bigint NOT NULL PRIMARY KEY)"])];

    private static Task<int> Mark(Tx tx, int id) => tx.Execute("INSERT INTO mark VALUES (@id)", new { id });

    [Fact]
    public async Task EverythingIsDoneWhenTheCallReturns()
    {
        await using var db = SqliteDb.OpenInline(TimeProvider.System);
        Migrations.Apply(db, Marks).IsCompletedSuccessfully.ShouldBeTrue();
        var thread = Environment.CurrentManagedThreadId;
        db.Write(tx =>
        {
            Environment.CurrentManagedThreadId.ShouldBe(thread);
            return Mark(tx, 1);
        }).IsCompletedSuccessfully.ShouldBeTrue();
        var read = db.Read(r => r.Query<long>("SELECT id FROM mark"));
        read.IsCompletedSuccessfully.ShouldBeTrue();
        (await read).ShouldBe([1]);
        db.Write(tx => Mark(tx, 1)).Exception!.InnerException.ShouldBeOfType<UniqueViolationException>();
    }

    [Fact]
    public async Task TwoStoresAreTwo()
    {
        await using var one = SqliteDb.OpenInline(TimeProvider.System);
        await using var two = SqliteDb.OpenInline(TimeProvider.System);
        await Migrations.Apply(one, Marks);
        await Migrations.Apply(two, Marks);
        await one.Write(tx => Mark(tx, 1));
        (await two.Read(r => r.Scalar<long>("SELECT count(*) FROM mark"))).ShouldBe(0);
    }

    [Fact]
    public async Task WhatWouldInterleaveIsRefused()
    {
        await using var db = SqliteDb.OpenInline(TimeProvider.System);
        await Migrations.Apply(db, Marks);
        var never = new TaskCompletionSource();
        await Should.ThrowAsync<InvalidOperationException>(() => db.Write(async tx =>
        {
            await db.Write(inner => Mark(inner, 2));
            await Mark(tx, 1);
        }));
        await Should.ThrowAsync<InvalidOperationException>(() => db.Read(async r =>
        {
            await never.Task;
            return await r.Scalar<long>("SELECT 1");
        }));
        await Should.ThrowAsync<InvalidOperationException>(() => db.Read(r => r.Query<long>("INSERT INTO mark VALUES (3) RETURNING id")));
        (await db.Read(r => r.Scalar<long>("SELECT count(*) FROM mark"))).ShouldBe(0);
    }
}
