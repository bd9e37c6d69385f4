using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.Qemu;

namespace Ciel.Tests.Agent.Qemu;

public class MachineRulesTests
{
    private static readonly BlobSource Image = new(new string('a', 128), 1, "qcow2", "t");
    private static readonly NicSpec Nic = new("port-0000001", "network-0001", "fa:16:3e:00:00:01", 1500, 5);
    private static readonly MachineSpec Good =
        new(1, 64, new DiskSpec(Image, 0), [Nic], true, 1, false, new HardwareSpec("", "", "0198c0de-0000-7000-8000-000000000001"));

    public static TheoryData<MachineSpec> Bad =>
    [
        Good with { Vcpus = 0 },
        Good with { MemoryMiB = 0 },
        Good with { Root = new DiskSpec(null, 0) },
        Good with { Root = new DiskSpec(Image with { Sha512 = "../" + new string('a', 125) }, 0) },
        Good with { Root = new DiskSpec(Image with { Format = "vmdk" }, 0) },
        Good with { Hardware = Good.Hardware with { Serial = "x,uuid=y" } },
        Good with { Hardware = Good.Hardware with { MachineType = "pc,accel=kvm" } },
        Good with { Hardware = Good.Hardware with { CpuModel = "max,+x" } },
        Good with { Nics = [Nic with { Mac = "fa:16:3e:00:00:01,bootindex=0" }] },
        Good with { Nics = [Nic with { Slot = 4 }] },
        Good with { Nics = [Nic with { Slot = 32 }] },
        Good with { Nics = [Nic, Nic with { Mac = "fa:16:3e:00:00:02" }] },
        Good with { Nics = [Nic with { PortId = "../../../x/yy" }] },
        Good with { Nics = [Nic with { NetworkId = "short" }] },
        Good with { Nics = [Nic with { Mtu = 0 }] },
        Good with { Blanks = [new("root", 1, 6)] },
        Good with { Blanks = [new("swap", 0, 6)] },
        Good with { Blanks = [new("swap", 1, Nic.Slot)] },
        Good with { Blanks = [new("swap", 1, 6), new("swap", 1, 7)] },
    ];

    [Fact]
    public void A_good_spec_passes() => MachineRules.Refusal(Good with { Blanks = [new("ephemeral", 1024, 6), new("swap", 1, 7)] }).ShouldBeNull();

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_one_is_refused_with_a_sentence(MachineSpec spec) => MachineRules.Refusal(spec).ShouldNotBeNull().ShouldEndWith(".");
}
