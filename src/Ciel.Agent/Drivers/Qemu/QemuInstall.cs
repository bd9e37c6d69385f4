using System.Text.RegularExpressions;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>The QEMU that this host has.</summary>
/// <param name="Program">The system emulator's path.</param>
/// <param name="Image">qemu-img's path.</param>
/// <param name="Version">Such as <c>7.2.22</c>.</param>
/// <param name="MachineType">What its <c>pc</c> stands for, such as <c>pc-i440fx-7.2</c>: new machines get it and keep it.</param>
/// <param name="Sandbox">Whether it can deny itself system calls.</param>
internal sealed partial record QemuInstall(string Program, string Image, string Version, string MachineType, bool Sandbox)
{
    public const string SandboxOptions = "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";

    /// <summary>Asks the installed QEMU; null when there is none.</summary>
    public static async Task<QemuInstall?> Find(CancellationToken cancel)
    {
        if (OnPath("qemu-system-x86_64") is not { } program || OnPath("qemu-img") is not { } image)
        {
            return null;
        }

        var version = VersionText().Match(await Command.Run(program, ["-version"], cancel)).Groups[1].Value;
        var types = await Command.Run(program, ["-machine", "help"], cancel);
        return new QemuInstall(program, image, version, PcAlias().Match(types).Groups[1].Value, await CanSandbox(program, cancel));
    }

    private static async Task<bool> CanSandbox(string program, CancellationToken cancel)
    {
        string[] arguments = ["-machine", "none", "-nodefaults", "-no-user-config", "-display", "none", "-sandbox", SandboxOptions, "-qmp", "stdio"];
        var result = await Command.Try(program, arguments, cancel, "{\"execute\":\"qmp_capabilities\"}\n{\"execute\":\"quit\"}\n");
        return result.ExitCode == 0;
    }

    private static string? OnPath(string name) =>
        new[] { "/usr/local/bin", "/usr/bin", "/usr/libexec" }.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    [GeneratedRegex(@"version (\S+)")]
    private static partial Regex VersionText();

    [GeneratedRegex(@"\(alias of (pc-i440fx-[0-9.]+)\)")]
    private static partial Regex PcAlias();
}
