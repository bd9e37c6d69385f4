using System.Globalization;
using System.Text.Json.Nodes;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// QEMU's command line for a machine. Nothing is left to its defaults or to probing: every driver, format, slot and type is named.
/// Slots 0 to 4 belong to the board, VGA, the random source and the root disk; further disks and interfaces take 5 to 31.
/// </summary>
internal static class QemuArguments
{
    /// <summary>The descriptor of the base image.</summary>
    public const int BaseFd = 100;

    /// <summary>The descriptor of the first interface's tap; the others follow.</summary>
    public const int FirstTapFd = 110;

    /// <summary>The root disk's node.</summary>
    public const string Root = "root";

    private const string EmulatedCpu = "Nehalem-v1";

    /// <summary>The CPU model of a new machine: with KVM the host's own, else the newest that TCG emulates whole.</summary>
    public static string DefaultCpu(bool kvm) => kvm ? "host" : EmulatedCpu;

    /// <summary>The command of a machine that starts paused.</summary>
    public static IReadOnlyList<string> Machine(QemuInstall qemu, bool kvm, MachineState state) =>
    [
        .. Common(qemu, MachineFolder.Qmp),
        "-name", $"guest={state.Spec.Hardware.Serial},debug-threads=on",
        "-machine", $"{state.MachineType},usb=off,dump-guest-core=off",
        "-accel", kvm ? "kvm" : "tcg,thread=multi,tb-size=64",
        "-cpu", !kvm && state.CpuModel == "host" ? EmulatedCpu : state.CpuModel,
        "-smp", Text(state.Spec.Vcpus), "-m", $"{Text(state.Spec.MemoryMiB)}M",
        "-uuid", state.Spec.Hardware.Serial,

        // Guests' cloud-init looks for this product name before it asks for metadata.
        "-smbios", $"type=1,manufacturer=Ciel,product=OpenStack Nova,serial={state.Spec.Hardware.Serial},uuid={state.Spec.Hardware.Serial}",
        "-rtc", "base=utc", "-boot", "strict=on", "-action", "reboot=reset,shutdown=pause,panic=none",
        "-chardev", $"file,id=serial0,path={MachineFolder.Serial},append=on", "-serial", "chardev:serial0",
        "-device", "VGA,id=vga0,bus=pci.0,addr=0x2", "-vnc", "unix:" + MachineFolder.Vnc,
        "-object", "rng-random,id=rng0,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng0,bus=pci.0,addr=0x3",
        .. Disk(state.Disk!, readOnly: false),
        "-device", $"virtio-blk-pci,id=disk0,drive={Root},bootindex=0,bus=pci.0,addr=0x4",
        .. (state.Spec.Blanks ?? []).SelectMany(Blank),
        .. state.Spec.Nics.SelectMany(Nic),
    ];

    /// <summary>The command of a process without a machine, which only copies the disk.</summary>
    public static IReadOnlyList<string> Copier(QemuInstall qemu, MachineState state, string socket) =>
        [.. Common(qemu, socket), "-machine", "none", .. Disk(state.Disk!, readOnly: true)];

    /// <summary>The command that makes an empty qcow2 file. The base is only noted: it is opened by descriptor, never by name.</summary>
    public static IReadOnlyList<string> CreateDisk(QemuInstall qemu, string file, MachineDisk disk) =>
    [
        qemu.Image, "create", "-q", "-f", "qcow2",
        .. disk.Base is { } image ? ["-u", "-b", image.Sha512, "-F", image.Format] : Array.Empty<string>(),
        file, Text(disk.Bytes),
    ];

    /// <summary>The command that makes a qcow2 file's disk larger, without opening the base that it only names.</summary>
    public static IReadOnlyList<string> GrowDisk(QemuInstall qemu, string file, long bytes) =>
    [
        qemu.Image, "resize", "-q",
        "json:" + new JsonObject
        {
            ["driver"] = "qcow2",
            ["backing"] = null,
            ["file"] = new JsonObject { ["driver"] = "file", ["filename"] = file },
        }.ToJsonString(),
        Text(bytes),
    ];

    private static IEnumerable<string> Common(QemuInstall qemu, string socket) =>
    [
        qemu.Program, "-nodefaults", "-no-user-config", "-display", "none", "-S",
        .. qemu.Sandbox ? ["-sandbox", QemuInstall.SandboxOptions] : Array.Empty<string>(),
        "-chardev", $"socket,id=qmp0,path={socket},server=on,wait=off", "-mon", "chardev=qmp0,mode=control",
    ];

    private static IEnumerable<string> Disk(MachineDisk disk, bool readOnly)
    {
        if (disk.Base is { } image)
        {
            yield return "-add-fd";
            yield return $"fd={BaseFd},set=1,opaque=base";
            yield return "-blockdev";
            yield return BaseNode(image).ToJsonString();
        }

        yield return "-blockdev";
        yield return DiskNode(Root, MachineFolder.Disk, disk.Base is null ? null : "base", readOnly).ToJsonString();
    }

    private static IEnumerable<string> Blank(BlankDiskSpec blank) =>
    [
        "-blockdev", DiskNode(blank.Name, MachineFolder.Blank(blank.Name), backing: null, readOnly: false).ToJsonString(),
        "-device", $"virtio-blk-pci,id=disk-{blank.Name},drive={blank.Name},bus=pci.0,addr=0x{blank.Slot:x}",
    ];

    private static JsonObject DiskNode(string name, string file, string? backing, bool readOnly) => new()
    {
        ["driver"] = "qcow2",
        ["node-name"] = name,
        ["read-only"] = readOnly,
        ["discard"] = "unmap",
        ["backing"] = backing,
        ["file"] = new JsonObject { ["driver"] = "file", ["filename"] = file },
    };

    private static JsonObject BaseNode(BaseImage image)
    {
        var node = new JsonObject
        {
            ["driver"] = image.Format,
            ["node-name"] = "base",
            ["read-only"] = true,
            ["file"] = new JsonObject { ["driver"] = "file", ["filename"] = "/dev/fdset/1" },
        };
        if (image.Format == "qcow2")
        {
            node["backing"] = null;
        }

        return node;
    }

    private static IEnumerable<string> Nic(NicSpec nic, int index) =>
    [
        "-netdev", $"tap,id={NicDevice.NetdevOf(NicDevice.Id(nic))},fd={FirstTapFd + index},vhost=off",
        "-device", NicDevice.Of(nic).ToJsonString(),
    ];

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
