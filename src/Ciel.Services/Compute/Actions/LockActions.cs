using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>A lock keeps its owner from changing a server by mistake; an administrator's lock keeps the owner out.</summary>
internal sealed class LockActions(Db db, ServerVerbs verbs) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler>
    {
        ["lock"] = Lock,
        ["unlock"] = Unlock,
    };

    private async Task Lock(Call call, Input body, string id)
    {
        string? reason = null;
        if (call.Version >= 73 && !body.IsNull("lock"))
        {
            var input = body.Object("lock");
            reason = input.OptionalString("locked_reason", 1);
            input.Done();
        }

        body.Raw("lock");
        body.Done();
        await db.Write(tx => verbs.Change(tx, call.Actor, id, "lock", s => Locks(s, call.Actor, reason)), call.Cancel);
        await call.Empty(202);
    }

    private async Task Unlock(Call call, Input body, string id)
    {
        body.Raw("unlock");
        body.Done();
        await db.Write(tx => verbs.Change(tx, call.Actor, id, "unlock", s => Unlocks(s, call.Actor)), call.Cancel);
        await call.Empty(202);
    }

    private static Server Locks(Server server, Actor actor, string? reason)
    {
        var owner = actor.ProjectId == server.ProjectId;
        return server.LockedBy == "admin" && owner && !actor.IsAdmin
            ? server
            : server with { LockedBy = owner ? "owner" : "admin", LockedReason = reason };
    }

    private static Server Unlocks(Server server, Actor actor) => server.LockedBy == "admin" && !actor.IsAdmin
        ? throw Actor.NotAllowed("os_compute_api:os-lock-server:unlock:unlock_override")
        : server with { LockedBy = null, LockedReason = null };
}
