using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Start, stop, pause and reboot.</summary>
internal sealed class PowerActions(Db db, ServerVerbs verbs) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler>
    {
        ["os-start"] = (call, body, id) => Do(call, body, "os-start", id, "start", Starts),
        ["os-stop"] = (call, body, id) => Do(call, body, "os-stop", id, "stop", Stops),
        ["pause"] = (call, body, id) => Do(call, body, "pause", id, "pause", s => s.Intends(TaskStates.Pausing)),
        ["unpause"] = (call, body, id) => Do(call, body, "unpause", id, "unpause", s => s.Intends(TaskStates.Unpausing)),
        ["reboot"] = Reboot,
    };

    /// <summary>The intent to start.</summary>
    public static Server Starts(Server server) => server.Intends(TaskStates.PoweringOn) with { DesiredOn = true, Graceful = false, Boots = server.Boots + 1 };

    /// <summary>The intent to stop, letting the guest shut down.</summary>
    public static Server Stops(Server server) => server.Intends(TaskStates.PoweringOff) with { DesiredOn = false, Graceful = true };

    private static Server Reboots(Server server, bool hard) => server.Intends(hard ? TaskStates.RebootingHard : TaskStates.Rebooting) with
    {
        DesiredOn = true,
        Graceful = !hard,
        Boots = server.Boots + 1,
    };

    private async Task Do(Call call, Input body, string field, string id, string rule, Func<Server, Server> change)
    {
        body.Raw(field);
        body.Done();
        await db.Write(tx => verbs.Begin(tx, call.Actor, id, rule, change), call.Cancel);
        await call.Empty(202);
    }

    private async Task Reboot(Call call, Input body, string id)
    {
        var input = body.Object("reboot");
        body.Done();
        var type = input.String("type").ToUpperInvariant();
        input.Done();
        var hard = type switch
        {
            "HARD" => true,
            "SOFT" => false,
            _ => throw input.Refuse("type", type, $"'{type}' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']"),
        };
        await db.Write(tx => verbs.Begin(tx, call.Actor, id, hard ? "reboot_hard" : "reboot", s => Reboots(s, hard), "reboot"), call.Cancel);
        await call.Empty(202);
    }
}
