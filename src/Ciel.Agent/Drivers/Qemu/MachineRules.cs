using System.Text.RegularExpressions;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// What a spec must keep to before any of it reaches a command line. The controller checks too; but a comma in the wrong place would
/// be an option of QEMU.
/// </summary>
internal static partial class MachineRules
{
    private const int FirstSlot = 5;
    private const int LastSlot = 31;

    /// <summary>Why a spec cannot be made so; null when it can.</summary>
    public static string? Refusal(MachineSpec spec) =>
        spec.Vcpus is < 1 or > 255 ? "A machine has 1 to 255 virtual processors."
        : spec.MemoryMiB is < 1 or > (1 << 24) ? "A machine's memory is out of range."
        : spec.Root.Base is { } image && (!Sha512().IsMatch(image.Sha512) || image.Format is not ("qcow2" or "raw")) ? "The image is not qcow2 or raw."
        : spec.Root is { Base: null, SizeGiB: < 1 } ? "An empty disk needs a size."
        : !Guid.TryParseExact(spec.Hardware.Serial, "D", out _) ? "The hardware's serial is not a UUID."
        : !Word().IsMatch(spec.Hardware.MachineType) || !Word().IsMatch(spec.Hardware.CpuModel) ? "The hardware's names are malformed."
        : spec.Nics.Any(nic => nic.Slot is < FirstSlot or > LastSlot) ? $"Interfaces take the PCI slots {FirstSlot} to {LastSlot}."
        : !Blanks(spec).All(blank => blank.Name is "ephemeral" or "swap" && blank.MiB is >= 1 and <= 1 << 24 && blank.Slot is >= FirstSlot and <= LastSlot)
            ? "A further disk is malformed."
        : Blanks(spec).DistinctBy(blank => blank.Name).Count() != Blanks(spec).Count ? "Two disks have the same name."
        : spec.Nics.Select(nic => nic.Slot).Concat(Blanks(spec).Select(blank => blank.Slot)).GroupBy(slot => slot).Any(same => same.Count() > 1)
            ? "Two devices have the same PCI slot."
        : !spec.Nics.All(nic => Mac().IsMatch(nic.Mac) && nic.Mtu is >= 68 and <= 65521) ? "An interface is malformed."
        : !spec.Nics.All(nic => Id().IsMatch(nic.PortId) && Id().IsMatch(nic.NetworkId)) ? "An interface's port or network is malformed."
        : null;

    private static IReadOnlyList<BlankDiskSpec> Blanks(MachineSpec spec) => spec.Blanks ?? [];

    [GeneratedRegex("^[0-9a-f]{128}\\z")]
    private static partial Regex Sha512();

    [GeneratedRegex("^[A-Za-z0-9._-]*\\z")]
    private static partial Regex Word();

    [GeneratedRegex("^([0-9a-f]{2}:){5}[0-9a-f]{2}\\z")]
    private static partial Regex Mac();

    [GeneratedRegex("^[0-9A-Za-z-]{11,64}\\z")]
    private static partial Regex Id();
}
