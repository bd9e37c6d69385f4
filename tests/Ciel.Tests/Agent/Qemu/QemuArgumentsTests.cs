using System.Text.Json.Nodes;
using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.Qemu;

namespace Ciel.Tests.Agent.Qemu;

public class QemuArgumentsTests
{
    private const string Id = "0198c0de-0000-7000-8000-000000000001";
    private static readonly QemuInstall Install = new("/usr/bin/qemu", "/usr/bin/qemu-img", "7.2", "pc-i440fx-7.2", true);
    private static readonly string Sha = new('a', 128);

    [Fact]
    public void Nothing_is_probed_and_everything_has_its_place()
    {
        var nic = new NicSpec("port-0000001", "network-0001", "fa:16:3e:00:00:01", 1450, 10);
        var arguments = QemuArguments.Machine(Install, kvm: false, State(new BaseImage(Sha, "qcow2"), nic));

        After(arguments, "-machine").ShouldBe("pc-i440fx-7.2,usb=off,dump-guest-core=off");
        After(arguments, "-accel").ShouldBe("tcg,thread=multi,tb-size=64");
        After(arguments, "-sandbox").ShouldBe(QemuInstall.SandboxOptions);
        After(arguments, "-add-fd").ShouldBe("fd=100,set=1,opaque=base");
        After(arguments, "-uuid").ShouldBe(Id);
        arguments.ShouldContain("-S");
        arguments.ShouldContain("-nodefaults");
        arguments.ShouldContain($"tap,id=net-tap{nic.PortId[^11..]},fd=110,vhost=off");
        arguments.ShouldContain(
            """{"driver":"virtio-net-pci","id":"nic-tapPORT","netdev":"net-tapPORT","mac":"fa:16:3e:00:00:01","host_mtu":1450,"bus":"pci.0","addr":"0xa","romfile":""}"""
                .Replace("PORT", nic.PortId[^11..], StringComparison.Ordinal));
        arguments.Where(argument => argument.Contains("pci,", StringComparison.Ordinal) || argument.StartsWith("VGA", StringComparison.Ordinal))
            .ShouldAllBe(argument => argument.Contains(",addr=0x", StringComparison.Ordinal));

        var nodes = Nodes(arguments);
        nodes.ShouldAllBe(node => node["driver"] != null && node["file"]!["driver"] != null);
        nodes[0]["file"]!["filename"]!.GetValue<string>().ShouldBe("/dev/fdset/1");
        nodes[0]["read-only"]!.GetValue<bool>().ShouldBeTrue();
        nodes[0].AsObject().ContainsKey("backing").ShouldBeTrue("a base that names a file below it must not get it");
        nodes[0]["backing"].ShouldBeNull();
        nodes[1]["backing"]!.GetValue<string>().ShouldBe("base");
    }

    [Fact]
    public void A_disk_without_a_base_has_none()
    {
        var arguments = QemuArguments.Machine(Install, kvm: true, State(null));
        arguments.ShouldNotContain("-add-fd");
        var node = Nodes(arguments).Single();
        node.AsObject().ContainsKey("backing").ShouldBeTrue();
        node["backing"].ShouldBeNull();
        After(arguments, "-accel").ShouldBe("kvm");
    }

    [Fact]
    public void A_further_disk_is_a_file_of_its_own_without_a_base()
    {
        var state = State(null);
        var arguments = QemuArguments.Machine(Install, kvm: false, state with { Spec = state.Spec with { Blanks = [new("swap", 5, 9)] } });
        var node = Nodes(arguments)[^1];
        (node["node-name"]!.GetValue<string>(), node["file"]!["filename"]!.GetValue<string>(), node["backing"]).ShouldBe(("swap", "swap.qcow2", null));
        arguments.ShouldContain("virtio-blk-pci,id=disk-swap,drive=swap,bus=pci.0,addr=0x9");
    }

    [Fact]
    public void A_machine_that_was_born_on_kvm_runs_emulated_too() =>
        After(QemuArguments.Machine(Install, kvm: false, State(null) with { CpuModel = "host" }), "-cpu").ShouldBe("Nehalem-v1");

    [Fact]
    public void A_new_disk_names_its_base_without_opening_it()
    {
        QemuArguments.CreateDisk(Install, "disk.qcow2", new MachineDisk(5, new BaseImage(Sha, "raw")))
            .ShouldBe(["/usr/bin/qemu-img", "create", "-q", "-f", "qcow2", "-u", "-b", Sha, "-F", "raw", "disk.qcow2", "5"]);
        QemuArguments.CreateDisk(Install, "disk.qcow2", new MachineDisk(5, null)).ShouldNotContain("-b");
    }

    [Fact]
    public void A_disk_grows_without_opening_its_base() => QemuArguments.GrowDisk(Install, "disk.qcow2", 7).ShouldBe(
        ["/usr/bin/qemu-img", "resize", "-q", """json:{"driver":"qcow2","backing":null,"file":{"driver":"file","filename":"disk.qcow2"}}""", "7"]);

    private static MachineState State(BaseImage? image, params NicSpec[] nics) =>
        new(new MachineSpec(2, 512, new DiskSpec(null, 1), nics, true, 1, false, new HardwareSpec("", "", Id)), 7)
        {
            Disk = new MachineDisk(1 << 30, image),
            MachineType = "pc-i440fx-7.2",
            CpuModel = "Nehalem-v1",
        };

    private static JsonNode[] Nodes(IReadOnlyList<string> arguments) =>
        [.. arguments.Where((_, i) => i > 0 && arguments[i - 1] == "-blockdev").Select(text => JsonNode.Parse(text)!)];

    private static string After(IReadOnlyList<string> arguments, string option) => arguments[arguments.ToList().IndexOf(option) + 1];
}
