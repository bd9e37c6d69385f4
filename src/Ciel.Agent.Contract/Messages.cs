namespace Ciel.Agent.Contract;

/// <summary>Make the object so. Idempotent: the same spec again changes nothing.</summary>
/// <param name="Name">The object's name: its kind and the row's id, such as <c>machine/3f…</c> (<see cref="ObjectName"/>).</param>
/// <param name="Fence">Where this call stands among all calls about the object.</param>
/// <param name="Spec">What the object is to be.</param>
public sealed record EnsureRequest(string Name, Fence Fence, ObjectSpec Spec);

/// <summary>Make the object gone, with everything that the agent made for it. Idempotent; also for an object never seen.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Fence">Where this call stands among all calls about the object.</param>
public sealed record AbsentRequest(string Name, Fence Fence);

/// <summary>What a node observes of one object. Pushed on every change and answered by each call.</summary>
/// <param name="Node">The node that observes.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Generation">The generation of the newest fence that the agent accepted for it.</param>
/// <param name="State">One of <see cref="ObjectStates"/>.</param>
/// <param name="SinceMicros">When the state began, µs UTC on the node's clock.</param>
/// <param name="Error">Why it is <see cref="ObjectStates.Failed"/>: a sentence for the user; null otherwise.</param>
/// <param name="Progress">Between 0 and 1 where the state is work under way; null otherwise.</param>
/// <param name="Facts">What else was observed, by well-known key (<see cref="FactKeys"/>).</param>
public sealed record Report(
    string Node,
    string Name,
    long Generation,
    string State,
    long SinceMicros,
    string? Error = null,
    double? Progress = null,
    IReadOnlyDictionary<string, string>? Facts = null);

/// <summary>The states of <see cref="Report.State"/>.</summary>
public static class ObjectStates
{
    /// <summary>The agent has nothing of that name.</summary>
    public const string Absent = "absent";

    /// <summary>Work is under way (fetching a base image, copying a disk, launching).</summary>
    public const string Working = "working";

    /// <summary>A machine waits for its place in the node's boot queue.</summary>
    public const string Queued = "queued";

    /// <summary>A machine runs: QMP says so.</summary>
    public const string Running = "running";

    /// <summary>A machine runs, and its guest stands still as its spec says.</summary>
    public const string Paused = "paused";

    /// <summary>A machine exists and does not run.</summary>
    public const string Stopped = "stopped";

    /// <summary>A network, router, base image or snapshot is as its spec says.</summary>
    public const string Ready = "ready";

    /// <summary>It cannot be made so; <see cref="Report.Error"/> says why.</summary>
    public const string Failed = "failed";
}

/// <summary>Keys of <see cref="Report.Facts"/>.</summary>
public static class FactKeys
{
    /// <summary>Of a machine: the highest <see cref="MachineSpec.Boots"/> that was carried out.</summary>
    public const string Boots = "boots";

    /// <summary>Of a machine: why it stopped: <c>guest</c> (powered off from inside), <c>asked</c>, <c>crash</c>, <c>lost</c> (vanished with the host).</summary>
    public const string StopReason = "stop_reason";

    /// <summary>Of a machine: QEMU's versioned machine type, chosen by the node at the first boot if the spec left it open.</summary>
    public const string MachineType = "machine_type";

    /// <summary>Of a machine: QEMU's CPU model, chosen by the node at the first boot if the spec left it open.</summary>
    public const string CpuModel = "cpu_model";

    /// <summary>Of a machine: the ids of those of its spec's ports that it has, or will have at its next boot, separated by spaces; missing while that is not known.</summary>
    public const string Ports = "ports";

    /// <summary>Of a machine: how many interfaces it has that its spec has not any more: its guest has yet to give them back. Missing for none.</summary>
    public const string Leaving = "leaving";

    /// <summary>Of a snapshot: bytes of the stored result.</summary>
    public const string Size = "size";

    /// <summary>Of a snapshot: SHA-512 of the stored result, lower-case hex.</summary>
    public const string Sha512 = "sha512";
}

/// <summary>Builds and takes apart object names.</summary>
public static class ObjectName
{
    /// <summary>A virtual machine; named after the server's row.</summary>
    public static string Machine(string id) => "machine/" + id;

    /// <summary>A copy of a machine's disk on its way to the image service; named after the image's row.</summary>
    public static string Snapshot(string id) => "snapshot/" + id;

    /// <summary>A tenant network's part on one node; named after the network's row.</summary>
    public static string Network(string id) => "network/" + id;

    /// <summary>A router; named after the router's row.</summary>
    public static string Router(string id) => "router/" + id;

    /// <summary>The kind, before the slash.</summary>
    public static string Kind(string name) => name[..name.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The row's id, after the slash.</summary>
    public static string Id(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <summary>What a node is and has; sent when it starts and when something changes.</summary>
/// <param name="Name">The node's name; unique among the nodes of a cloud.</param>
/// <param name="HostName">The machine's host name.</param>
/// <param name="Vcpus">Logical processors.</param>
/// <param name="MemoryMiB">Memory that machines may take.</param>
/// <param name="DiskGiB">Disk that machines may take.</param>
/// <param name="Accelerator"><c>kvm</c>, <c>tcg</c> or <c>sim</c>.</param>
/// <param name="Version">The agent's version.</param>
/// <param name="Features">Plain findings of the feature detection.</param>
/// <param name="BootedAtMicros">When the host started, µs UTC on the node's clock; 0 where it is not told.</param>
/// <param name="Load">The load averages of the last 1, 5 and 15 minutes when asked, such as <c>0.20, 0.12, 0.14</c>.</param>
public sealed record NodeFacts(
    string Name, string HostName, int Vcpus, int MemoryMiB, int DiskGiB, string Accelerator, string Version, IReadOnlyList<NodeFeature> Features,
    long BootedAtMicros = 0, string Load = "");

/// <summary>One finding of a node's feature detection.</summary>
/// <param name="Name">What was looked for.</param>
/// <param name="Present">Whether it is there.</param>
/// <param name="Detail">What follows from it, in a sentence.</param>
public sealed record NodeFeature(string Name, bool Present, string Detail);

/// <summary>The agent refuses a call: the reason is for logs and retries, never for an end user.</summary>
public sealed class AgentRefusedException : Exception
{
    /// <summary>A refusal with its reason.</summary>
    public AgentRefusedException(string message, bool stale = false)
        : base(message) => Stale = stale;

    /// <summary>Whether the fence was older than one already accepted: the caller has lost its lease and must stop.</summary>
    public bool Stale { get; }
}
