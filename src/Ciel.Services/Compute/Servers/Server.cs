using System.Text.Json;

namespace Ciel.Services.Compute;

/// <summary>A server as its row has it. Instants are µs UTC.</summary>
internal sealed record Server
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string UserId { get; init; }

    public required string Name { get; init; }

    public required string HostName { get; init; }

    public string? Description { get; init; }

    public required string ImageId { get; init; }

    /// <summary>The image's bytes, kept because the image may be deleted while its servers live.</summary>
    public required string BaseSha512 { get; init; }

    public long BaseSize { get; init; }

    public required string BaseFormat { get; init; }

    public required string FlavorId { get; init; }

    /// <summary>JSON of a <see cref="Shape"/>.</summary>
    public required string FlavorCopy { get; init; }

    /// <summary>The flavor that a resize leads to; once it is reached, the one that it came from, until the resize is confirmed.</summary>
    public string? OtherFlavorId { get; init; }

    public string? OtherFlavorCopy { get; init; }

    /// <summary>What it holds on its node; during a resize the larger of both.</summary>
    public int Vcpus { get; init; }

    public int MemoryMib { get; init; }

    public int DiskGib { get; init; }

    /// <summary>Of its disks besides the root disk.</summary>
    public int ExtraGib { get; init; }

    /// <summary>Of all of its disks.</summary>
    public int AllGib => DiskGib + ExtraGib;

    public string? KeyName { get; init; }

    public string? PublicKey { get; init; }

    /// <summary>Base64 as it came.</summary>
    public string? UserData { get; init; }

    /// <summary>JSON object of strings.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>JSON list of strings.</summary>
    public string Tags { get; init; } = "[]";

    public string DiskConfig { get; init; } = "MANUAL";

    /// <summary>The zone asked for, then the node's; empty before.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The only node that will do; null for any.</summary>
    public string? WantedHost { get; init; }

    /// <summary>JSON of <see cref="Compute.Hints"/>.</summary>
    public string Hints { get; init; } = "{}";

    public string? GroupId { get; init; }

    public string AccessIpV4 { get; init; } = "";

    public string AccessIpV6 { get; init; } = "";

    public string ReservationId { get; init; } = "";

    public long LaunchIndex { get; init; }

    /// <summary>Where it is placed; null before and after.</summary>
    public string? Node { get; init; }

    public string VmState { get; init; } = VmStates.Building;

    public string? TaskState { get; init; } = TaskStates.Scheduling;

    public int PowerState { get; init; }

    /// <summary>Whether the machine is to run.</summary>
    public bool DesiredOn { get; init; } = true;

    /// <summary>Boots asked for so far.</summary>
    public long Boots { get; init; } = 1;

    public bool Graceful { get; init; }

    /// <summary>Whether a delete was accepted.</summary>
    public bool Deleting { get; init; }

    /// <summary>Counts changes of the intent.</summary>
    public long Generation { get; init; } = 1;

    public string MachineType { get; init; } = "";

    public string CpuModel { get; init; } = "";

    /// <summary><c>owner</c> or <c>admin</c>; null while unlocked.</summary>
    public string? LockedBy { get; init; }

    public string? LockedReason { get; init; }

    public long? FaultCode { get; init; }

    public string? FaultMessage { get; init; }

    public string? FaultDetails { get; init; }

    public long? FaultAt { get; init; }

    public long? LaunchedAt { get; init; }

    public long? TerminatedAt { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public long? DeletedAt { get; init; }

    public Shape Shape => JsonSerializer.Deserialize(FlavorCopy, ComputeJson.Default.Shape)!;

    public Shape? OtherShape => OtherFlavorCopy is null ? null : JsonSerializer.Deserialize(OtherFlavorCopy, ComputeJson.Default.Shape);

    public Dictionary<string, string> MetadataMap => ComputeJson.Map(Metadata);

    public List<string> TagList => ComputeJson.List(Tags);

    public Hints HintList => JsonSerializer.Deserialize(Hints, ComputeJson.Default.Hints)!;

    /// <summary>Whether its guest is to stand still: from the accepted pause to whatever ends it.</summary>
    public bool HoldsStill => TaskState == TaskStates.Pausing
        || (VmState == VmStates.Paused && TaskState is (null or TaskStates.ImageSnapshot or TaskStates.ImageUploading));

    /// <summary>Whether it runs, for whoever pays; also while its guest stands still, for it keeps its memory.</summary>
    public bool Runs => (PowerState is PowerStates.Running or PowerStates.Paused) && !Deleting;

    /// <summary>Whether it holds its place, for whoever pays: from its first launch to its accepted delete.</summary>
    public bool Allocated => LaunchedAt is not null && !Deleting;
}
