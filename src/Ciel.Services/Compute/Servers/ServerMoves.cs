using System.Text.Json;

namespace Ciel.Services.Compute;

/// <summary>How a server's row changes with each outcome: pure, so that the states can be read and tested in one place.</summary>
internal static class ServerMoves
{
    /// <summary>A new intent: the keeper's next calls outrank the earlier ones.</summary>
    public static Server Intends(this Server server, string task) => server with { TaskState = task, Generation = server.Generation + 1 };

    public static Server PlacedOn(this Server server, string node, string zone) => server with { Node = node, Zone = zone, TaskState = TaskStates.Networking };

    /// <summary>The machine runs: QMP says so.</summary>
    public static Server Launched(this Server server, long now) => server with
    {
        VmState = server.VmState is VmStates.Resized ? VmStates.Resized : VmStates.Active,
        TaskState = null,
        PowerState = PowerStates.Running,
        DesiredOn = true,
        LaunchedAt = server.LaunchedAt ?? now,
    };

    /// <summary>The machine runs, and its guest stands still.</summary>
    public static Server Held(this Server server) => server with { VmState = VmStates.Paused, TaskState = null, PowerState = PowerStates.Paused };

    /// <summary>The machine does not run, and is not to.</summary>
    public static Server Halted(this Server server, long now) => server with
    {
        VmState = server.VmState is VmStates.Resized ? VmStates.Resized : VmStates.Stopped,
        TaskState = server.TaskState is TaskStates.ImageSnapshot or TaskStates.ImageUploading ? server.TaskState : null,
        PowerState = PowerStates.Shutdown,
        DesiredOn = false,
        LaunchedAt = server.LaunchedAt ?? now,
    };

    /// <summary>The machine vanished with its host and is to run again.</summary>
    public static Server Relaunches(this Server server) =>
        server.Intends(TaskStates.PoweringOn) with { PowerState = PowerStates.Shutdown, Boots = server.Boots + 1, Graceful = false };

    /// <summary>It rests with a fault that its owner sees.</summary>
    public static Server Failed(this Server server, string fault, long now) => server with
    {
        VmState = VmStates.Error,
        TaskState = null,
        PowerState = PowerStates.None,
        FaultCode = 500,
        FaultMessage = fault.Length <= 255 ? fault : fault[..255],
        FaultDetails = fault,
        FaultAt = now,
    };

    /// <summary>A failed build that has left nothing on its node.</summary>
    public static Server Scrapped(this Server server) => server with { Node = null };

    public static Server Deletes(this Server server, long now) => server.Intends(TaskStates.Deleting) with
    {
        Deleting = true,
        DesiredOn = false,
        TerminatedAt = now,
    };

    public static Server Deleted(this Server server, long now) => server with
    {
        VmState = VmStates.Deleted,
        TaskState = null,
        PowerState = PowerStates.None,
        DeletedAt = now,
        TerminatedAt = server.TerminatedAt ?? now,
    };

    /// <summary>Asks for another flavor.</summary>
    public static Server Resizes(this Server server, Flavor flavor) => server.Intends(TaskStates.ResizePrep) with
    {
        OtherFlavorId = flavor.Id,
        OtherFlavorCopy = JsonSerializer.Serialize(Shape.Of(flavor), ComputeJson.Default.Shape),
    };

    /// <summary>Holds what both flavors need, until the resize is confirmed or reverted.</summary>
    public static Server Grown(this Server server)
    {
        var other = server.OtherShape!;
        return server with
        {
            TaskState = TaskStates.ResizeMigrating,
            Vcpus = Math.Max(server.Vcpus, other.Vcpus),
            MemoryMib = Math.Max(server.MemoryMib, other.MemoryMib),
            DiskGib = Math.Max(server.DiskGib, other.DiskGib),
            ExtraGib = Math.Max(server.ExtraGib, other.ExtraGib),
        };
    }

    /// <summary>There was no room for the other flavor.</summary>
    public static Server Unresized(this Server server) => server with { TaskState = null, OtherFlavorId = null, OtherFlavorCopy = null };

    /// <summary>The machine is off; the next boot is with the other flavor.</summary>
    public static Server Swapped(this Server server) => server with
    {
        FlavorId = server.OtherFlavorId!,
        FlavorCopy = server.OtherFlavorCopy!,
        OtherFlavorId = server.FlavorId,
        OtherFlavorCopy = server.FlavorCopy,
        PowerState = PowerStates.Shutdown,
        Boots = server.Boots + 1,
        Generation = server.Generation + 1,
    };

    /// <summary>Runs, or rests, with the other flavor, and waits for the owner's word.</summary>
    public static Server Resized(this Server server, bool runs, long now) => (runs ? server.Launched(now) : server.Halted(now)) with { VmState = VmStates.Resized };

    /// <summary>The flavor stands; what only the other one needed is given back. The disk never shrinks.</summary>
    public static Server Settled(this Server server) => server with
    {
        VmState = server.PowerState == PowerStates.Running ? VmStates.Active : VmStates.Stopped,
        TaskState = null,
        OtherFlavorId = null,
        OtherFlavorCopy = null,
        Vcpus = server.Shape.Vcpus,
        MemoryMib = server.Shape.MemoryMib,
    };
}
