using Ciel.Agent.Drivers.LinuxNet;

namespace Ciel.Tests.Agent.Net;

public class NetworkLinksTests
{
    private const string Shown =
        """
        [{},{"ifindex":3,"ifname":"br","flags":["BROADCAST","UP"],"mtu":1450,"address":"02:00:00:00:00:01","addr_info":[
          {"family":"inet","local":"10.0.0.2","prefixlen":24,"scope":"global"},
          {"family":"inet6","local":"fe80::1","prefixlen":64,"scope":"link"}]},
         {"ifindex":4,"ifname":"tap00000000005","flags":["BROADCAST","UP"],"mtu":1450,"master":"br","address":"b2:ed:08:8e:98:ed","addr_info":[]},
         {"ifindex":5,"ifname":"tap00000000009","flags":[],"mtu":1500,"address":"b2:ed:08:8e:98:ee"}]
        """;

    [Fact]
    public void From_nothing_come_the_bridge_and_a_tap_for_each_port() =>
        NetworkLinks.Plan("network", NetSpecs.Network(NetSpecs.Port(5)), new Dictionary<string, Link>(), NetHost.PersistentTap).ShouldBe(
        [
            "link add name br address 02:30:09:be:76:9f mtu 1450 type bridge mcast_snooping 0 forward_delay 0",
            "link set dev br up",
            "tuntap add name tap00000000005 mode tap vnet_hdr",
            "link set dev tap00000000005 mtu 1450 master br up",
        ]);

    [Fact]
    public void Only_what_differs_is_changed()
    {
        var found = Link.ParseAll(Shown);
        NetworkLinks.Plan("network", NetSpecs.Network(NetSpecs.Port(5)), found, NetHost.PersistentTap).ShouldBe(["link delete dev tap00000000009"]);
        NetworkLinks.Plan("network", NetSpecs.Network(NetSpecs.Port(5), NetSpecs.Port(9)) with { Mtu = 1500 }, found, NetHost.PersistentTap).ShouldBe(
        [
            "link set dev br mtu 1500",
            "link set dev tap00000000005 mtu 1500 master br up",
            "link set dev tap00000000009 mtu 1500 master br up",
        ]);
    }

    [Fact]
    public void The_bridge_carries_where_dhcp_and_metadata_listen()
    {
        var wanted = Addresses.OfBridge(NetSpecs.Network() with { Subnets = [NetSpecs.Subnet, NetSpecs.Subnet with { Cidr = "fd00::/64", DhcpAddress = "fd00::2" }] });
        wanted.ShouldBe(["10.0.0.2/24", "fd00::2/64", "169.254.169.254/32"]);
        var bridge = Link.ParseAll(Shown)["br"];
        Addresses.Plan("br", wanted, bridge).ShouldBe(["address add fd00::2/64 dev br nodad", "address add 169.254.169.254/32 dev br"]);
        Addresses.Plan("br", ["169.254.169.254/32"], bridge).ShouldBe(["address delete 10.0.0.2/24 dev br", "address add 169.254.169.254/32 dev br"]);
    }

    [Fact]
    public void A_port_keeps_its_number_and_a_new_one_takes_none_that_was_in_use()
    {
        var first = Marks.Assign(new Dictionary<string, int>(), ["a", "b"]);
        first.ShouldBe(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 });
        var second = Marks.Assign(first, ["b", "c"]);
        second.ShouldBe(new Dictionary<string, int> { ["b"] = 2, ["c"] = 3 });
        Marks.Assign(second, ["d", "b"]).ShouldBe(new Dictionary<string, int> { ["b"] = 2, ["d"] = 1 }, ignoreOrder: true);
    }
}
