using Ciel.Agent.Contract;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Compute;

/// <summary>What only administrators may: set a server's state straight.</summary>
internal sealed class AdminActions(Db db, ServerVerbs verbs, INodes nodes) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler>
    {
        ["os-resetState"] = ResetState,
        ["forceDelete"] = ForceDelete,
    };

    private async Task ResetState(Call call, Input body, string id)
    {
        call.Actor.RequireAdmin("os_compute_api:os-admin-actions:reset_state");
        var input = body.Object("os-resetState");
        body.Done();
        var state = input.OptionalChoice("state", "active", "error") ?? throw input.Refuse("state", "None", "'state' is a required property");
        input.Done();
        await db.Write(
            async tx =>
            {
                var seen = await ServerVerbs.Own(tx, call.Actor, id);
                var report = seen.Node is null ? null : await nodes.Observed(tx, seen.Node, ObjectName.Machine(id));
                await verbs.Change(tx, call.Actor, id, "reset-state", s => s.Deleting ? s : s with
                {
                    VmState = state,
                    TaskState = null,
                    PowerState = report?.State switch
                    {
                        ObjectStates.Running => PowerStates.Running,
                        ObjectStates.Paused => PowerStates.Paused,
                        ObjectStates.Stopped => PowerStates.Shutdown,
                        _ => PowerStates.None,
                    },
                });
            },
            call.Cancel);
        await call.Empty(202);
    }

    private async Task ForceDelete(Call call, Input body, string id)
    {
        body.Raw("forceDelete");
        body.Done();
        await db.Write(tx => verbs.Delete(tx, call.Actor, id), call.Cancel);
        await call.Empty(202);
    }
}
