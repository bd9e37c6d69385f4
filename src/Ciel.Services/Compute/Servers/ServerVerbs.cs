using Ciel.Core;
using Ciel.Core.Events;
using Ciel.Core.Keepers;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Writes what a client asks of a server: the row, the action, the audit event and the wake-up, in one transaction.</summary>
internal sealed class ServerVerbs(ServerBook servers, KeeperBook keepers, Ids ids)
{
    /// <summary>Changes what needs no work on the node.</summary>
    public async Task<Server> Change(Tx tx, Actor actor, string id, string verb, Func<Server, Server> change)
    {
        await Own(tx, actor, id);
        var server = (await servers.Change(tx, id, change))!;
        await AuditLog.Note(tx, ids.Uuid(), actor, verb, "server", id);
        return server;
    }

    /// <summary>Takes up work: refuses it in states where it cannot begin, notes it as an instance action, and wakes the keeper.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">The server.</param>
    /// <param name="rule">The verb in <see cref="ServerRules"/>.</param>
    /// <param name="change">The new intent.</param>
    /// <param name="verb">The verb in the instance's actions, where it differs.</param>
    public async Task<Server> Begin(Tx tx, Actor actor, string id, string rule, Func<Server, Server> change, string? verb = null)
    {
        // The keeper's row first, as its own commits do: two transactions never wait for each other in a circle.
        await keepers.Wake(tx, id);
        var before = await Own(tx, actor, id);
        ServerRules.CheckUnlocked(before, actor.IsAdmin);
        ServerRules.Check(before, rule);
        var server = (await servers.Change(tx, id, change))!;
        await ActionStore.Begin(tx, ids.Uuid(), actor, server, verb ?? rule);
        await AuditLog.Note(tx, ids.Uuid(), actor, verb ?? rule, "server", id);
        return server;
    }

    /// <summary>Accepts a delete, once; also of a server that is being built or at work.</summary>
    public async Task Delete(Tx tx, Actor actor, string id)
    {
        await keepers.Wake(tx, id);
        var server = await Own(tx, actor, id);
        ServerRules.CheckUnlocked(server, actor.IsAdmin);
        if (server.Deleting)
        {
            return;
        }

        await Destroy(tx, server);
        await ActionStore.Begin(tx, ids.Uuid(), actor, server, "delete");
        await AuditLog.Note(tx, ids.Uuid(), actor, "delete", "server", id, server.Name);
    }

    /// <summary>Writes the intent to delete and wakes whoever works on the server.</summary>
    public async Task Destroy(Tx tx, Server server)
    {
        await servers.Change(tx, server.Id, s => s.Deletes(tx.Now));
        await keepers.Wake(tx, server.Id);
        foreach (var image in await SnapshotStore.Of(tx, server.Id))
        {
            await keepers.Wake(tx, image);
        }
    }

    /// <summary>The server, locked, for an actor who may change it.</summary>
    /// <exception cref="Core.Errors.Fault">404 for a server that the actor may not see, 403 for one who may only look.</exception>
    public static async Task<Server> Own(Tx tx, Actor actor, string id)
    {
        await ServerStore.Visible(tx, actor, id);
        actor.Require(Roles.Member, "os_compute_api:servers");
        return await ServerStore.Lock(tx, id) is { DeletedAt: null } server ? server : throw ServerRules.NotFound(id);
    }
}
