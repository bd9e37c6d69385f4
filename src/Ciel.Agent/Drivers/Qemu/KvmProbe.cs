using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>Whether KVM boots a guest here, and why it is believed.</summary>
/// <param name="HostBoot">The host's boot id under which it was tried.</param>
/// <param name="Works">The verdict.</param>
/// <param name="Detail">A sentence.</param>
/// <param name="Group">The group that may open the device, for the machines' users; null when none is needed.</param>
internal sealed record KvmVerdict(string HostBoot, bool Works, string Detail, int? Group = null);

/// <summary>
/// Boots <see cref="KvmPayload"/> with KVM as an unprivileged user, just as machines are. The device's existence says nothing: hosts
/// exist where it opens, starts a processor, and never gets a kernel through its switch to long mode.
/// </summary>
internal sealed class KvmProbe(string directory, Children children, Cgroups cgroups, int uid, TimeProvider time)
{
    private const string Device = "/dev/kvm";
    private const string Group = "kvm-probe";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The verdict for this boot of the host: an earlier one, or a fresh one that is kept.</summary>
    public async Task<KvmVerdict> Verdict(QemuInstall qemu, CancellationToken cancel)
    {
        var boot = HostBoot.Id();
        var file = Path.Combine(directory, "kvm.json");
        if (Files.ReadJson(file, AgentJson.Default.KvmVerdict) is { } known && known.HostBoot == boot)
        {
            return known;
        }

        var verdict = File.Exists(Device)
            ? await Try(qemu, boot, cancel)
            : new KvmVerdict(boot, false, $"{Device} does not exist: machines run emulated (TCG), about ten times slower.");
        Files.WriteJson(file, verdict, AgentJson.Default.KvmVerdict);
        return verdict;
    }

    private async Task<KvmVerdict> Try(QemuInstall qemu, string boot, CancellationToken cancel)
    {
        var folder = new MachineFolder(directory, "probe");
        folder.Make(uid);
        try
        {
            await File.WriteAllBytesAsync(folder.In("payload"), KvmPayload.Disk(), cancel);
            File.SetUnixFileMode(folder.In("payload"), UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            var group = Files.GroupOf(Device);
            var spec = Spec(qemu, folder, group) with { Cgroups = cgroups.Create(Group, new CgroupLimits(512L << 20, 1024, 64)) };
            await children.Run(spec, folder.In("launch.json"), Limit, cancel);
            return Files.TryReadText(Path.Combine(folder.Guest, MachineFolder.Serial)) == KvmPayload.Says
                ? new KvmVerdict(boot, true, "KVM booted a test payload: machines run at the processor's speed.", group)
                : new KvmVerdict(boot, false, "KVM started a test payload, which said nothing: machines run emulated (TCG).");
        }
        catch (CommandFailedException e)
        {
            var why = e.Message.ReplaceLineEndings(" ").TrimEnd('.');
            return new KvmVerdict(boot, false, $"KVM did not boot a test payload, so machines run emulated (TCG): {why}.");
        }
        finally
        {
            await cgroups.Remove(Group, time);
            folder.Remove();
        }
    }

    private LaunchSpec Spec(QemuInstall qemu, MachineFolder folder, int? group) => new()
    {
        Command =
        [
            qemu.Program, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-accel", "kvm", "-cpu", "host",
            "-machine", qemu.MachineType, "-m", "64", "-serial", "file:" + MachineFolder.Serial,
            "-drive", $"file.driver=file,file.filename={folder.In("payload")},driver=raw,if=virtio,read-only=on",
        ],
        Directory = folder.Guest,
        Output = folder.Output,
        Uid = uid,
        Groups = group is { } id ? [id] : [],
    };
}
