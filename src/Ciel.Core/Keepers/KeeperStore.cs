using Ciel.Core.Store;

namespace Ciel.Core.Keepers;

/// <summary>The SQL of keepers: claim, commit, retry.</summary>
internal static class KeeperStore
{
    /// <summary>Claims what is due and unleased, and counts its lease up.</summary>
    public static Task<List<KeeperRow>> Claim(Tx tx, IReadOnlyList<string> steps, int most, long leaseUntil) => tx.Query<KeeperRow>(
        $"""
        UPDATE keeper SET lease_until = @leaseUntil, wake_at = @leaseUntil, lease_no = lease_no + 1
        WHERE id IN (
            SELECT id FROM keeper
            WHERE wake_at <= @now AND lease_until <= @now AND (kind || '/' || step || '/' || frame_version) IN @steps
            ORDER BY wake_at LIMIT @most {tx.Dialect.SkipLocked})
        RETURNING *
        """,
        new { leaseUntil, now = tx.Now, steps, most });

    /// <summary>The earliest instant at which something may be claimed; null when nothing ever is. What was woken during its turn waits for the lease.</summary>
    public static Task<long?> Earliest(Reader reader, IReadOnlyList<string> steps) => reader.Scalar<long?>(
        """
        SELECT MIN(CASE WHEN lease_until > wake_at THEN lease_until ELSE wake_at END) FROM keeper
        WHERE wake_at < @never AND (kind || '/' || step || '/' || frame_version) IN @steps
        """,
        new { steps, never = long.MaxValue });

    /// <summary>
    /// Makes a keeper due, or due again after the turn under way: its wake then lies before the end of the lease, where no turn put it,
    /// also when the lease is over and the turn is not. The row is written even when it is due, so that no claim falls between.
    /// </summary>
    public static Task<int> Wake(Tx tx, string id) => tx.Execute(
        """
        UPDATE keeper SET wake_at = CASE
            WHEN wake_at < lease_until OR (lease_until = 0 AND wake_at <= @now) THEN wake_at
            WHEN lease_until > 0 AND lease_until <= @now THEN lease_until - 1
            ELSE @now END
        WHERE id = @id
        """,
        new { id, now = tx.Now });

    /// <summary>Commits a good turn. A wake that came meanwhile stays.</summary>
    /// <returns>Whether the lease still held.</returns>
    public static async Task<bool> Advance(Tx tx, KeeperRow claimed, string step, long wakeAt, long deadlineAt, string? frame) => await tx.Execute(
        """
        UPDATE keeper SET step = @step, frame = COALESCE(@frame, frame), attempt = 0, last_error = NULL, lease_until = 0, deadline_at = @deadlineAt,
            wake_at = CASE WHEN wake_at = @claimedWake THEN @wakeAt ELSE wake_at END
        WHERE id = @id AND lease_no = @leaseNo
        """,
        new { step, frame, deadlineAt, claimedWake = claimed.WakeAt, wakeAt, id = claimed.Id, leaseNo = claimed.LeaseNo }) == 1;

    /// <summary>Commits a failed turn: the same step again later.</summary>
    /// <returns>Whether the lease still held.</returns>
    public static async Task<bool> Retry(Tx tx, KeeperRow claimed, long wakeAt, string error) => await tx.Execute(
        "UPDATE keeper SET attempt = attempt + 1, last_error = @error, lease_until = 0, wake_at = @wakeAt WHERE id = @id AND lease_no = @leaseNo",
        new { error, wakeAt, id = claimed.Id, leaseNo = claimed.LeaseNo }) == 1;

    /// <summary>Removes the row.</summary>
    /// <returns>Whether the lease still held.</returns>
    public static async Task<bool> Remove(Tx tx, KeeperRow claimed) => await tx.Execute(
        "DELETE FROM keeper WHERE id = @id AND lease_no = @leaseNo", new { id = claimed.Id, leaseNo = claimed.LeaseNo }) == 1;

    /// <summary>Ends all leases: at the start of the only controller of an embedded store, whose predecessor is dead.</summary>
    public static Task<int> BreakLeases(Tx tx) => tx.Execute(
        "UPDATE keeper SET lease_until = 0, wake_at = @now, lease_no = lease_no + 1 WHERE lease_until > 0", new { now = tx.Now });
}
