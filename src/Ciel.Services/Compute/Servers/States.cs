namespace Ciel.Services.Compute;

/// <summary>What a server is, at rest (Nova's vm_state).</summary>
internal static class VmStates
{
    public const string Building = "building";
    public const string Active = "active";
    public const string Paused = "paused";
    public const string Stopped = "stopped";
    public const string Resized = "resized";
    public const string Error = "error";
    public const string Deleted = "deleted";
}

/// <summary>What is being done to a server (Nova's task_state); null at rest.</summary>
internal static class TaskStates
{
    public const string Scheduling = "scheduling";
    public const string Networking = "networking";
    public const string Spawning = "spawning";
    public const string PoweringOff = "powering-off";
    public const string PoweringOn = "powering-on";
    public const string Pausing = "pausing";
    public const string Unpausing = "unpausing";
    public const string Rebooting = "rebooting";
    public const string RebootingHard = "rebooting_hard";
    public const string Rebuilding = "rebuilding";
    public const string RebuildSpawning = "rebuild_spawning";
    public const string ResizePrep = "resize_prep";
    public const string ResizeMigrating = "resize_migrating";
    public const string ResizeFinish = "resize_finish";
    public const string ResizeReverting = "resize_reverting";
    public const string ImageSnapshot = "image_snapshot";
    public const string ImageUploading = "image_uploading";
    public const string Deleting = "deleting";

    /// <summary>The tasks that the server's own keeper carries out.</summary>
    public static IReadOnlySet<string> Acts { get; } = new HashSet<string>
    {
        PoweringOff, PoweringOn, Pausing, Unpausing, Rebooting, RebootingHard, Rebuilding, RebuildSpawning, ResizePrep, ResizeMigrating, ResizeFinish, ResizeReverting,
    };
}

/// <summary>What the hypervisor says (Nova's power_state).</summary>
internal static class PowerStates
{
    public const int None = 0;
    public const int Running = 1;
    public const int Paused = 3;
    public const int Shutdown = 4;
}
