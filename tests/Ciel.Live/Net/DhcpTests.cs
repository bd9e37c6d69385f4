using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Live.Net;

[Collection("network namespaces")]
public class DhcpTests(NetLab lab) : IClassFixture<NetLab>
{
    [Fact]
    public async Task A_guest_gets_its_lease_with_all_that_it_is_told()
    {
        var one = Specs.Port(1, 1, "10.0.1.5") with { DhcpOptions = new Dictionary<string, string> { ["bootfile-name"] = "pxe.0" } };
        var network = Specs.Network(1, one, Specs.Port(2, 1, "10.0.1.6"));
        var guest = await lab.Guest(one);
        network = network with { Subnets = [network.Subnets[0] with { Routes = [new RouteSpec("172.16.0.0/12", "10.0.1.9")] }] };
        await lab.Ensure(Specs.NetworkName(1), network);

        var lease = await Lease(guest);

        lease["ip"].ShouldBe("10.0.1.5");
        lease["subnet"].ShouldBe("255.255.255.0");
        lease["router"].ShouldBe("10.0.1.1");
        lease["dns"].ShouldBe("10.0.1.2");
        lease["mtu"].ShouldBe("1450");
        lease["hostname"].ShouldBe("vm1");
        lease["lease"].ShouldBe("86400");
        lease["bootfile"].ShouldBe("pxe.0");
        lease["staticroutes"].ShouldBe("169.254.169.254/32 10.0.1.2 172.16.0.0/12 10.0.1.9 0.0.0.0/0 10.0.1.1");
        await Wait.Until(() => Task.FromResult(lab.Seen.ContainsKey(one.Id)), "the guest's request was heard");

        await guest.Configure();
        var busybox = await Busybox.Find();
        (await guest.Do($"{busybox} nslookup vm2.novalocal 10.0.1.2")).ShouldContain("10.0.1.6");
        (await guest.Do($"{busybox} nslookup host-10-0-1-6.novalocal 10.0.1.2")).ShouldContain("10.0.1.6");
        (await guest.Can($"{busybox} nslookup example.com 10.0.1.2")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_port_is_served_without_a_restart_and_a_dead_server_comes_back()
    {
        var one = Specs.Port(11, 2, "10.0.2.5");
        var two = Specs.Port(12, 2, "10.0.2.6");
        var first = await lab.Guest(one);
        var second = await lab.Guest(two);
        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, one));
        var pid = Pid(2);
        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, one, two));
        Pid(2).ShouldBe(pid);
        (await Lease(second))["ip"].ShouldBe("10.0.2.6");

        using (var process = System.Diagnostics.Process.GetProcessById(pid))
        {
            process.Kill();
        }

        await Wait.Until(() => Task.FromResult(Pid(2) != pid && Pid(2) != 0), "dnsmasq runs again");
        (await Lease(first))["ip"].ShouldBe("10.0.2.5");

        // The address of a port that went is free for another at once.
        var heir = Specs.Port(13, 2, "10.0.2.5");
        var third = await lab.Guest(heir);
        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, heir, two));
        (await Lease(third))["ip"].ShouldBe("10.0.2.5");
    }

    [Fact]
    public async Task A_server_that_an_agent_started_and_did_not_live_to_note_is_found()
    {
        await lab.Ensure(Specs.NetworkName(8), Specs.Network(8));
        var pid = Pid(8);
        foreach (var path in System.IO.Directory.EnumerateFiles(Directory(8)).Where(path => Path.GetFileName(path) != "dnsmasq.pid"))
        {
            File.Delete(path);
        }

        await lab.Restart();
        await lab.Ensure(Specs.NetworkName(8), Specs.Network(8));
        Pid(8).ShouldNotBe(pid);
        var ns = HostNames.NetworkNamespace(lab.Instance, NetLab.Id(8));
        (await Command.Run("ip", ["netns", "pids", ns], TestContext.Current.CancellationToken)).Trim().ShouldBe($"{Pid(8)}", "one server only");
    }

    /// <summary>It ran in the agent's own group, without limits, and a stop of the agent's service would have ended it.</summary>
    [Fact]
    public async Task A_server_runs_in_a_control_group_of_its_own_which_goes_with_it()
    {
        await lab.Ensure(Specs.NetworkName(9), Specs.Network(9));
        var group = $"/ciel-{lab.Instance}-net/{HostNames.NetworkNamespace(lab.Instance, NetLab.Id(9))}";
        File.ReadAllLines($"/proc/{Pid(9)}/cgroup").ShouldContain(line => line.EndsWith(group, StringComparison.Ordinal));
        await lab.Driver.Absent(Specs.NetworkName(9), TestContext.Current.CancellationToken);
        System.IO.Directory.EnumerateDirectories("/sys/fs/cgroup", Path.GetFileName(group), SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Guests_form_the_ipv6_addresses_that_their_ports_have_and_no_others()
    {
        var rule = new RuleSpec(true, 6, "icmp", null, null, null, null);
        var slaac = new SubnetSpec(Specs.Subnet(61), "fd00:61::/64", null, true, "fd00:61::2", [], [], "slaac");
        var one = Specs.Port(0x21, 61, "fd00:61::f816:3eff:fe00:21", rule);
        var two = Specs.Port(0x22, 61, "fd00:61::f816:3eff:fe00:22", rule);
        var (first, second) = (await lab.Guest(one), await lab.Guest(two));
        await lab.Ensure(Specs.NetworkName(6), Specs.Network(6, one, two) with { Subnets = [slaac] });
        foreach (var guest in new[] { first, second })
        {
            await guest.Do("ip link set dev eth0 up");
            await Wait.Until(() => guest.Can($"ip -6 address show dev eth0 scope global -tentative | grep -q {guest.Address}/64"), $"{guest.Address} was formed");
        }

        (await first.Pings(two.Addresses[0].Address)).ShouldBeTrue();
        await first.Do("ip address add fd00:61::99/64 dev eth0 nodad");
        (await first.Can($"ping -c1 -W1 -I fd00:61::99 {second.Address}")).ShouldBeFalse();
        await Wait.Until(() => Task.FromResult(lab.Seen.ContainsKey(one.Id)), "the guest's solicitation was heard");
    }

    [Fact]
    public async Task A_network_listens_for_nothing_but_addresses_names_and_metadata()
    {
        await lab.Ensure(Specs.NetworkName(7), Specs.Network(7));
        var ns = HostNames.NetworkNamespace(lab.Instance, NetLab.Id(7));
        var listening = await Command.Run("ip", ["netns", "exec", ns, "ss", "-Hlntu"], TestContext.Current.CancellationToken);
        listening.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(fields => $"{fields[0]} {fields[4][(fields[4].LastIndexOf(':') + 1)..]}").Distinct().Order()
            .ShouldBe(["tcp 53", "tcp 80", "udp 53", "udp 67"]);
    }

    private string Directory(int network) => $"{lab.Root}/network-{NetLab.Id(network)}";

    private int Pid(int network) =>
        int.TryParse(Files.TryReadText(Path.Combine(Directory(network), "dnsmasq.pid")), System.Globalization.CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    private static async Task<Dictionary<string, string>> Lease(Guest guest)
    {
        await guest.Do("ip link set dev eth0 up");
        var output = await guest.Do($$"""
            script=$(mktemp)
            trap 'rm $script' EXIT
            printf '#!/bin/sh\n[ "$1" = bound ] && env\nexit 0\n' >$script
            chmod 700 $script
            {{await Busybox.Find()}} udhcpc -i eth0 -f -n -q -t 5 -T 2 -O mtu -O staticroutes -O bootfile -s $script
            """);
        return output.Split('\n').Where(line => line.Contains('=')).DistinctBy(line => line.Split('=')[0]).ToDictionary(line => line.Split('=')[0], line => line.Split('=', 2)[1]);
    }
}
