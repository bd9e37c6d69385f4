using System.Globalization;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Live.Qemu;

[Collection("qemu")]
public class Confinement
{
    [Fact]
    public async Task A_qemu_has_no_privileges_and_no_network()
    {
        await using var node = await LiveNode.Start("lqc");
        var (name, spec) = node.NewMachine(BootSector.Say("up;"), BootSector.Halt);
        await node.Ensure(name, spec, report => report.State == ObjectStates.Running);

        var process = $"/proc/{node.Processes().Single()}";
        var status = File.ReadAllLines(process + "/status").Select(line => line.Split(":\t")).ToDictionary(pair => pair[0], pair => pair[1]);
        var uid = Uid(node, name).ToString(CultureInfo.InvariantCulture);
        status["Uid"].ShouldBe($"{uid}\t{uid}\t{uid}\t{uid}");
        status["Gid"].ShouldBe($"{uid}\t{uid}\t{uid}\t{uid}");
        status["Groups"].Trim().ShouldBeEmpty();
        status["CapEff"].ShouldBe("0000000000000000");
        status["CapBnd"].ShouldBe("0000000000000000");
        status["NoNewPrivs"].ShouldBe("1");
        status["Seccomp"].ShouldBe("2");
        File.ReadAllLines(process + "/net/dev").Skip(2).ShouldHaveSingleItem().ShouldContain("lo:");
        var group = File.ReadAllText(process + "/cgroup");
        group.ShouldContain($"/ciel-{node.Options.Instance}/{ObjectName.Id(name)}");
    }

    [Fact]
    public async Task The_launcher_hands_down_nothing_of_its_own()
    {
        await using var node = await LiveNode.Start("lqh");
        var output = node.Data + "/output";
        var spec = new LaunchSpec
        {
            Command = ["/bin/sh", "-c", "cat /proc/self/status; echo fds: $(ls /proc/self/fd); echo env: $(env | sort | cut -d= -f1); ulimit -c; readlink /proc/self/fd/0"],
            Directory = "/",
            Output = output,
        };
        await new Children(node.Options.Self, TimeProvider.System).Run(
            spec, node.Data + "/launch.json", TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        var lines = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
        lines.ShouldContain("SigIgn:\t0000000000000000");
        lines.ShouldContain("SigBlk:\t0000000000000000");
        lines.ShouldContain("fds: 0 1 2 3", "the fourth is the directory that ls reads");
        lines.ShouldContain("env: LANG PATH PWD");
        lines[^2..].ShouldBe(["0", "/dev/null"]);
    }

    [Fact]
    public async Task A_process_with_one_machines_user_opens_nothing_of_another()
    {
        await using var node = await LiveNode.Start("lqi");
        var (nameA, a) = node.NewMachine(BootSector.Say("a;"), BootSector.Halt);
        var (nameB, b) = node.NewMachine(BootSector.Say("b;"), BootSector.Halt);
        await node.Ensure(nameA, a, report => report.State == ObjectStates.Running);
        await node.Ensure(nameB, b, report => report.State == ObjectStates.Running);
        await node.UntilLog(nameB, "b;");

        var guest = $"{node.Data}/machines/{ObjectName.Id(nameB)}/guest";
        var pid = node.Processes().Single(pid => File.ReadAllText($"/proc/{pid}/cgroup").Contains(ObjectName.Id(nameB), StringComparison.Ordinal));
        string[] own = [$"{guest}/disk.qcow2", $"{guest}/serial.log", $"{guest}/qmp", $"{guest}/vnc"];
        string[] foreign =
        [
            .. own,
            $"{node.Data}/bases/{b.Root.Base!.Sha512}",
            $"{node.Data}/bases/{a.Root.Base!.Sha512}",
            $"{node.Data}/machines/{ObjectName.Id(nameB)}/state.json",
            $"/proc/{pid}/mem",
            $"/proc/{pid}/fd/1",
        ];
        foreach (var path in own)
        {
            (await As(Uid(node, nameB), "test", "-r", path)).ShouldBe(0, $"the owner itself reaches {path}");
        }

        foreach (var path in foreign)
        {
            File.Exists(path).ShouldBeTrue(path);
            (await As(Uid(node, nameA), "test", "-r", path)).ShouldBe(1, path);
        }

        (await As(Uid(node, nameA), "ls", $"{node.Data}/machines")).ShouldNotBe(0);
        (await As(Uid(node, nameA), "kill", "-0", pid.ToString(CultureInfo.InvariantCulture))).ShouldNotBe(0);
        (await As(Uid(node, nameB), "kill", "-0", pid.ToString(CultureInfo.InvariantCulture))).ShouldBe(0);
    }

    [Fact]
    public async Task A_link_that_a_machine_plants_leads_nowhere()
    {
        await using var node = await LiveNode.Start("lql");
        var (name, spec) = node.NewMachine(BootSector.Say("up;"), BootSector.Halt);
        await node.Ensure(name, spec, report => report.State == ObjectStates.Running);
        await node.UntilLog(name, "up;");

        var log = $"{node.Data}/machines/{ObjectName.Id(name)}/guest/serial.log";
        File.Delete(log);
        File.CreateSymbolicLink(log, "/etc/passwd");
        await Should.ThrowAsync<IOException>(() => node.Log(name));
        File.Delete(log);
        File.Copy("/etc/passwd", log);
        await Should.ThrowAsync<IOException>(() => node.Log(name));
    }

    private static int Uid(LiveNode node, string name)
    {
        var state = $"{node.Data}/machines/{ObjectName.Id(name)}/state.json";
        return Files.ReadJson(state, Ciel.Agent.AgentJson.Default.MachineState)!.Uid;
    }

    private static async Task<int> As(int uid, params string[] command)
    {
        string[] arguments = [$"--reuid={uid}", $"--regid={uid}", "--clear-groups", "--no-new-privs", "--", .. command];
        return (await Command.Try("setpriv", arguments, TestContext.Current.CancellationToken)).ExitCode;
    }
}
