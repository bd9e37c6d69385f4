using Ciel.Core.Errors;

namespace Ciel.Services.Compute;

/// <summary>In which states each verb may begin, and what Nova answers in others.</summary>
internal static class ServerRules
{
    private static readonly HashSet<string> Settled = [VmStates.Active, VmStates.Stopped];
    private static readonly HashSet<string> Held = [.. Settled, VmStates.Paused];

    private static readonly Dictionary<string, IReadOnlySet<string>?> Allowed = new()
    {
        ["start"] = new HashSet<string> { VmStates.Stopped },
        ["stop"] = new HashSet<string> { VmStates.Active, VmStates.Error },
        ["reboot"] = new HashSet<string> { VmStates.Active },
        ["pause"] = new HashSet<string> { VmStates.Active },
        ["unpause"] = new HashSet<string> { VmStates.Paused },
        ["reboot_hard"] = new HashSet<string> { VmStates.Active, VmStates.Stopped, VmStates.Paused, VmStates.Error },
        ["createImage"] = Held,
        ["createBackup"] = Held,
        ["rebuild"] = new HashSet<string> { VmStates.Active, VmStates.Stopped, VmStates.Error },
        ["resize"] = Settled,
        ["confirmResize"] = new HashSet<string> { VmStates.Resized },
        ["revertResize"] = new HashSet<string> { VmStates.Resized },
        ["attach_interface"] = Held,
        ["detach_interface"] = Held,
        ["addFixedIp"] = Held,
        ["removeFixedIp"] = Held,
        ["delete"] = null,
    };

    /// <summary>Refuses a verb in a state where it cannot begin.</summary>
    /// <exception cref="Fault">409.</exception>
    public static void Check(Server server, string verb)
    {
        if (Allowed[verb] is not { } states)
        {
            return;
        }

        var word = verb == "reboot_hard" ? "reboot" : verb;
        if (!states.Contains(server.VmState))
        {
            throw Conflict(server, word, "vm_state", server.VmState);
        }

        var again = verb == "reboot_hard" && server.TaskState is (TaskStates.Rebooting or TaskStates.RebootingHard);
        if (server.TaskState is not null && !again)
        {
            throw Conflict(server, word, "task_state", server.TaskState);
        }

        // A failed build is taken apart; a verb that came between would wait for ever for a machine that goes.
        if (server is { VmState: VmStates.Error, LaunchedAt: null })
        {
            throw Conflict(server, word, "vm_state", server.VmState);
        }
    }

    /// <summary>Refuses anyone but an administrator, and the owner where the owner did it, while the server is locked.</summary>
    public static void CheckUnlocked(Server server, bool admin)
    {
        if (server.LockedBy is not null && !admin)
        {
            throw Fault.Conflict($"Instance {server.Id} is locked");
        }
    }

    public static Fault Conflict(Server server, string verb, string attribute, string value) =>
        Fault.Conflict($"Cannot '{verb}' instance {server.Id} while it is in {attribute} {value}");

    public static Fault NotFound(string id) => Fault.NotFound($"Instance {id} could not be found.");
}
