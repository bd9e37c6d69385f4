using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>
/// Verbs of the API that machines here cannot do: a wrong server is 404 and a wrong state 409 as always; where Nova would begin,
/// the answer is 501 and nothing has changed.
/// </summary>
internal sealed class UnofferedActions(Db db) : IServerActions
{
    private static readonly Dictionary<string, (string Verb, string[] From, bool Admin)> Verbs = new()
    {
        ["suspend"] = ("suspend", [VmStates.Active], false),
        ["resume"] = ("resume", ["suspended"], false),
        ["shelve"] = ("shelve", [VmStates.Active, VmStates.Stopped], false),
        ["shelveOffload"] = ("shelveOffload", ["shelved"], true),
        ["unshelve"] = ("unshelve", ["shelved", "shelved_offloaded"], false),
        ["rescue"] = ("rescue", [VmStates.Active, VmStates.Stopped, VmStates.Error], false),
        ["unrescue"] = ("unrescue", ["rescued"], false),
        ["restore"] = ("restore", ["soft-delete"], false),
        ["changePassword"] = ("changePassword", [VmStates.Active], false),
        ["migrate"] = ("migrate", [VmStates.Active, VmStates.Stopped], true),
        ["os-migrateLive"] = ("os-migrateLive", [VmStates.Active], true),
        ["evacuate"] = ("evacuate", [VmStates.Active, VmStates.Stopped, VmStates.Error], true),
        ["trigger_crash_dump"] = ("trigger_crash_dump", [VmStates.Active], false),
        ["os-getVNCConsole"] = ("get_vnc_console", [VmStates.Active], false),
        ["os-getSPICEConsole"] = ("get_spice_console", [VmStates.Active], false),
        ["os-getSerialConsole"] = ("get_serial_console", [VmStates.Active], false),
        ["os-getRDPConsole"] = ("get_rdp_console", [VmStates.Active], false),
    };

    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => Verbs.ToDictionary(
        v => v.Key, ServerActionHandler (v) => (call, _, id) => Refuse(call, id, v.Key, v.Value.Verb, v.Value.From, v.Value.Admin));

    private async Task Refuse(Call call, string id, string field, string verb, string[] from, bool admin)
    {
        if (admin)
        {
            call.Actor.RequireAdmin("os_compute_api:" + field);
        }

        var server = await db.Read(r => ServerStore.Visible(r, call.Actor, id), call.Cancel);
        ServerRules.CheckUnlocked(server, call.Actor.IsAdmin);
        if (!from.Contains(server.VmState))
        {
            throw ServerRules.Conflict(server, verb, "vm_state", server.VmState);
        }

        throw new Fault(501, "NotImplemented", $"'{field}' is not offered by the machines of this cloud.");
    }
}
