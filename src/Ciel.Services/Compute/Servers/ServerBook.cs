using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Core;
using Ciel.Core.Ledger;
using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Compute;

/// <summary>
/// Changes servers' rows, and with each change whatever it means for the project: spans on the ledger open and close, quota is
/// taken and given back.
/// </summary>
internal sealed class ServerBook(INodes nodes, Ids ids)
{
    private const long One = 1;

    /// <summary>Changes one row under its lock.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="id">The server.</param>
    /// <param name="change">The move; null leaves the row as it is.</param>
    /// <param name="stoppedAt">The earliest proof that it stopped, where the move says so; null where only its node may know.</param>
    /// <exception cref="Core.Errors.Fault">403 where it needs more quota than there is.</exception>
    /// <returns>The row afterwards; null where there is none or nothing changed.</returns>
    public async Task<Server?> Change(Tx tx, string id, Func<Server, Server?> change, long? stoppedAt = null)
    {
        if (await ServerStore.Lock(tx, id) is not { } before || change(before) is not { } after)
        {
            return null;
        }

        after = after with { UpdatedAt = tx.Now };
        await ServerStore.Save(tx, after);
        await Follow(tx, before, after, stoppedAt);
        return after;
    }

    private async Task Follow(Tx tx, Server before, Server after, long? stoppedAt)
    {
        await ServerQuota.Move(tx, after.ProjectId, ServerQuota.Holds(before), ServerQuota.Holds(after));
        await MigrationStore.Follow(tx, ids.Uuid(), before, after);
        var shape = (after.FlavorCopy, after.AllGib) != (before.FlavorCopy, before.AllGib);
        await Span(tx, ComputeMeters.Running, before.Runs, after.Runs, shape, after, One, "server", stoppedAt ?? await StoppedAt(tx, before));
        await Span(tx, ComputeMeters.Allocated, before.Allocated, after.Allocated, shape, after, One, "server", null);
        await Span(tx, ComputeMeters.Disk, before.Allocated, after.Allocated, shape, after, after.AllGib, "GiB", null);
    }

    // The node may have told of a stop or a crash that nobody has acted on yet.
    private async Task<long?> StoppedAt(Tx tx, Server server) =>
        server is { Runs: true, Node: { } node } && await nodes.Observed(tx, node, ObjectName.Machine(server.Id)) is
        {
            State: ObjectStates.Stopped or ObjectStates.Failed, SinceMicros: var since,
        }
            ? since
            : null;

    private async Task Span(Tx tx, string meter, bool was, bool now, bool reshaped, Server server, long quantity, string unit, long? stoppedAt)
    {
        if (was && (!now || reshaped))
        {
            await UsageLedger.Close(tx, meter, server.Id, stoppedAt);
        }

        if (now && (!was || reshaped))
        {
            await UsageLedger.Open(tx, ids.Uuid(), meter, server.Id, server.ProjectId, quantity, unit, Attributes(server));
        }
    }

    private static string Attributes(Server server)
    {
        var shape = server.Shape;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("vcpus", shape.Vcpus);
            json.WriteNumber("memory_mib", shape.MemoryMib);
            json.WriteString("flavor", shape.Name);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
