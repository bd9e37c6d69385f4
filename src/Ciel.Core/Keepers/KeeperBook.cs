using Ciel.Core.Store;

namespace Ciel.Core.Keepers;

/// <summary>Begins and wakes keepers within the transaction that changes what they keep.</summary>
/// <param name="bell">Wakes the engine of this process once the transaction is durable.</param>
public sealed class KeeperBook(KeeperBell bell)
{
    /// <summary>The tables of keepers.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("keeper", 1,
        [
            """
            CREATE TABLE keeper (
                id text NOT NULL PRIMARY KEY,
                kind text NOT NULL,
                step text NOT NULL,
                wake_at bigint NOT NULL,
                lease_until bigint NOT NULL,
                lease_no bigint NOT NULL,
                attempt bigint NOT NULL,
                deadline_at bigint NOT NULL,
                frame text NOT NULL,
                frame_version bigint NOT NULL,
                last_error text,
                created_at bigint NOT NULL)
            """,
            "CREATE INDEX keeper_due ON keeper (wake_at)",
        ]),
    ];

    /// <summary>Begins a keeper that runs at once.</summary>
    /// <param name="tx">The transaction that makes the resource.</param>
    /// <param name="kind"><see cref="Keeper.Kind"/>.</param>
    /// <param name="id">The resource's id.</param>
    /// <param name="step">The first step.</param>
    /// <param name="deadline">How long retries go on; null for ever.</param>
    /// <param name="frame">The first notes.</param>
    public async Task Begin(Tx tx, string kind, string id, string step, TimeSpan? deadline = null, string frame = "{}")
    {
        await tx.Execute(
            """
            INSERT INTO keeper (id, kind, step, wake_at, lease_until, lease_no, attempt, deadline_at, frame, frame_version, last_error, created_at)
            VALUES (@id, @kind, @step, @now, 0, 0, 0, @deadline, @frame, 1, NULL, @now)
            """,
            new { id, kind, step, now = tx.Now, deadline = Deadline(tx.Now, deadline), frame });
        tx.AfterCommit(bell.Ring);
    }

    /// <summary>As <see cref="Begin"/>, where there is no such keeper yet. Two at once need a lock of theirs: the later one fails.</summary>
    /// <returns>Whether it began.</returns>
    public async Task<bool> BeginOnce(Tx tx, string kind, string id, string step, string frame = "{}")
    {
        if (await tx.Scalar<long>("SELECT COUNT(*) FROM keeper WHERE id = @id", new { id }) > 0)
        {
            return false;
        }

        await Begin(tx, kind, id, step, frame: frame);
        return true;
    }

    /// <summary>Wakes a keeper because what it keeps, or what that needs, has changed. One that does not exist is no error.</summary>
    public async Task Wake(Tx tx, string id)
    {
        await KeeperStore.Wake(tx, id);
        tx.AfterCommit(bell.Ring);
    }

    private static long Deadline(long now, TimeSpan? span) => span is { } s ? now + (long)s.TotalMicroseconds : long.MaxValue;
}
