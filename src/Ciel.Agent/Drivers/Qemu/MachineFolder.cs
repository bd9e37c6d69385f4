using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// A machine's files. The folder is root's; only <see cref="Guest"/> belongs to the machine's user, so a QEMU that was taken over
/// finds nothing there that the agent trusts.
/// </summary>
internal sealed class MachineFolder(string machines, string id)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The disk's name inside <see cref="Guest"/>, which is QEMU's working directory.</summary>
    public const string Disk = "disk.qcow2";

    /// <summary>The name of a further disk.</summary>
    public static string Blank(string name) => name + ".qcow2";

    /// <summary>The serial log's name.</summary>
    public const string Serial = "serial.log";

    /// <summary>The QMP socket's name.</summary>
    public const string Qmp = "qmp";

    /// <summary>The VNC socket's name.</summary>
    public const string Vnc = "vnc";

    public string Path { get; } = System.IO.Path.Combine(machines, id);

    public string Guest => In("guest");

    public string State => In("state.json");

    public string Lock => In("lock");

    public string Output => In("qemu.log");

    /// <summary>A file of the agent's own beside the guest's directory.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the directory of all machines: their users may pass through it and see nothing.</summary>
    public static void MakeParent(string machines) => Files.MakeDirectory(machines, Passable);

    public void Make(int uid)
    {
        Files.MakeDirectory(Path, Passable);
        Files.MakeDirectory(Guest, Private, uid);
        using var file = new FileStream(Lock, Files.Private(FileMode.OpenOrCreate));
    }

    public void Save(MachineState state)
    {
        Files.MakeDirectory(Path, Passable);
        Files.WriteJson(State, state, AgentJson.Default.MachineState);
    }

    public void Remove() => Files.Remove(Path);
}
