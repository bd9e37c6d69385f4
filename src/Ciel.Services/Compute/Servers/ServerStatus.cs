namespace Ciel.Services.Compute;

/// <summary>The one word that clients poll, from vm_state and task_state (nova/api/openstack/common.py shows the same table).</summary>
internal static class ServerStatus
{
    public const string Unknown = "UNKNOWN";

    /// <summary>Every word that a list may be filtered by.</summary>
    public static IReadOnlySet<string> All { get; } = new HashSet<string>
    {
        "ACTIVE", "BUILD", "DELETED", "ERROR", "HARD_REBOOT", "MIGRATING", "PASSWORD", "PAUSED", "REBOOT", "REBUILD", "RESCUE", "RESIZE",
        "REVERT_RESIZE", "SHELVED", "SHELVED_OFFLOADED", "SHUTOFF", "SOFT_DELETED", "SUSPENDED", "UNKNOWN", "VERIFY_RESIZE",
    };

    public static string Of(Server server) => (server.VmState, server.TaskState) switch
    {
        (VmStates.Active, TaskStates.Rebooting) => "REBOOT",
        (VmStates.Active, TaskStates.RebootingHard) => "HARD_REBOOT",
        (VmStates.Active or VmStates.Stopped or VmStates.Error, TaskStates.Rebuilding or TaskStates.RebuildSpawning) => "REBUILD",
        (VmStates.Active or VmStates.Stopped, TaskStates.ResizePrep or TaskStates.ResizeMigrating or TaskStates.ResizeFinish) => "RESIZE",
        (VmStates.Active, _) => "ACTIVE",
        (VmStates.Paused, TaskStates.RebootingHard) => "HARD_REBOOT",
        (VmStates.Paused, _) => "PAUSED",
        (VmStates.Building, _) => "BUILD",
        (VmStates.Stopped, _) => "SHUTOFF",
        (VmStates.Resized, TaskStates.ResizeReverting) => "REVERT_RESIZE",
        (VmStates.Resized, _) => "VERIFY_RESIZE",
        (VmStates.Error, _) => "ERROR",
        (VmStates.Deleted, _) => "DELETED",
        _ => Unknown,
    };

    /// <summary>Whether the view bears a progress.</summary>
    public static bool HasProgress(string status) => status is "ACTIVE" or "BUILD" or "REBUILD" or "RESIZE" or "VERIFY_RESIZE" or "MIGRATING";

    /// <summary>Whether the view bears a fault.</summary>
    public static bool HasFault(string status) => status is "ERROR" or "DELETED";
}
