using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>What is known of one machine; its file is written before each act that it tells of.</summary>
/// <param name="Spec">What it is to be.</param>
/// <param name="Uid">The user that its processes run as, and no other machine's.</param>
internal sealed record MachineState(MachineSpec Spec, int Uid)
{
    /// <summary>Its root disk; null until it is made whole.</summary>
    public MachineDisk? Disk { get; init; }

    /// <summary>Its further disks that were made whole: name to bytes.</summary>
    public IReadOnlyDictionary<string, long> Blanks { get; init; } = new Dictionary<string, long>();

    /// <summary>The highest <see cref="MachineSpec.Boots"/> that was carried out.</summary>
    public long Boots { get; init; }

    /// <summary>Why it does not run (<see cref="StopReasons"/>); null before the first boot and while it runs.</summary>
    public string? StopReason { get; init; }

    /// <summary>Its QEMU.</summary>
    public ChildIdentity? Child { get; init; }

    /// <summary>The host's boot id when <see cref="Child"/> was started.</summary>
    public string? HostBoot { get; init; }

    /// <summary>QEMU's machine type, fixed at the first boot.</summary>
    public string MachineType { get; init; } = "";

    /// <summary>QEMU's CPU model, fixed at the first boot.</summary>
    public string CpuModel { get; init; } = "";

    /// <summary>Whether it is being removed; nothing but that happens to it any more.</summary>
    public bool Erasing { get; init; }
}

/// <summary>A root disk as it was made.</summary>
/// <param name="Bytes">Virtual size.</param>
/// <param name="Base">The image below it; null for none.</param>
internal sealed record MachineDisk(long Bytes, BaseImage? Base);

/// <summary>A cached base image: <c>qcow2</c> or <c>raw</c>.</summary>
internal sealed record BaseImage(string Sha512, string Format);

/// <summary>Values of <see cref="FactKeys.StopReason"/>.</summary>
internal static class StopReasons
{
    public const string Guest = "guest";
    public const string Asked = "asked";
    public const string Crash = "crash";
    public const string Lost = "lost";
}
