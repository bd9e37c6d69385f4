using System.Net;
using System.Net.Sockets;
using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.LinuxNet;
using Ciel.Agent.Host;

namespace Ciel.Live.Net;

[Collection("network namespaces")]
public class RouterTests(NetLab lab) : IClassFixture<NetLab>
{
    private static readonly RouterGateway Gateway = new(Specs.Leg(9, 9, $"{Specs.Outside}.10/24"), [$"{Specs.Outside}.1"], true);

    [Fact]
    public async Task A_router_joins_its_networks_and_one_that_is_down_does_not()
    {
        var (one, two) = (Specs.Port(1, 1, "10.0.1.5"), Specs.Port(2, 2, "10.0.2.5", Specs.Ping));
        var (from, to) = (await lab.Guest(one), await lab.Guest(two));
        await lab.Ensure(Specs.NetworkName(1), Specs.Network(1, one));
        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, two));
        await from.Configure("10.0.1.1");
        await to.Configure("10.0.2.1");
        (await from.Pings("10.0.2.5")).ShouldBeFalse();

        var router = new RouterSpec(true, [Specs.Leg(1, 1, "10.0.1.1/24"), Specs.Leg(2, 2, "10.0.2.1/24")], null, [], [new RouteSpec("172.16.0.0/12", "10.0.2.5")]);
        await lab.Ensure(Specs.RouterName(1), router);
        (await from.Pings("10.0.2.5")).ShouldBeTrue();
        await to.Do("ip address add 172.16.0.1/32 dev lo");
        (await from.Pings("172.16.0.1")).ShouldBeFalse("the answer's source is not the port's own");
        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, two with { AllowedPairs = [new AllowedPair("172.16.0.0/12", two.Mac)] }));
        (await from.Pings("172.16.0.1")).ShouldBeTrue();

        await lab.Ensure(Specs.RouterName(1), router with { Up = false });
        (await from.Pings("10.0.2.5")).ShouldBeFalse();
        await lab.Ensure(Specs.RouterName(1), router with { Interfaces = [router.Interfaces[0]], Routes = [] });
        (await from.Pings("10.0.1.1")).ShouldBeTrue();
        (await from.Pings("10.0.2.5")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_host_reaches_a_floating_address_and_no_guest_reaches_the_host()
    {
        var one = Specs.Port(11, 3, "10.0.3.5", Specs.Ping, Specs.Tcp(8080));
        var two = Specs.Port(12, 3, "10.0.3.6", Specs.Ping);
        var direct = Specs.Port(13, 9, $"{Specs.Outside}.77", Specs.Ping, Specs.Tcp(8080), new RuleSpec(true, 6, "icmp", null, null, null, null));
        var (behind, neighbour, outside) = (await lab.Guest(one), await lab.Guest(two), await lab.Guest(direct));
        await lab.Ensure(Specs.NetworkName(9), Specs.Public(9, direct));
        await lab.Ensure(Specs.NetworkName(3), Specs.Network(3, one, two));
        var router = new RouterSpec(true, [Specs.Leg(3, 3, "10.0.3.1/24")], Gateway, [new FloatingAddress($"{Specs.Outside}.50", "10.0.3.5")], []);
        await lab.Ensure(Specs.RouterName(3), router);
        await behind.Configure("10.0.3.1");
        await neighbour.Configure("10.0.3.1");
        await outside.Configure($"{Specs.Outside}.1");
        await behind.Listen(8080);
        await outside.Listen(8080);

        // The host reaches both, and the ports' rules hold for it, too.
        (await Host($"nc -z -w1 {Specs.Outside}.50 8080")).ShouldBeTrue();
        (await Host($"ping -c1 -W1 {Specs.Outside}.77")).ShouldBeTrue();
        (await Host($"nc -z -w1 {Specs.Outside}.50 8081")).ShouldBeFalse();

        // Guests go out by their floating address or the gateway's, also to each other.
        (await Source(behind, outside)).ShouldBe($"{Specs.Outside}.50");
        (await Source(neighbour, outside)).ShouldBe($"{Specs.Outside}.10");
        (await neighbour.Reaches($"{Specs.Outside}.50", 8080)).ShouldBeTrue();
        (await behind.Reaches($"{Specs.Outside}.50", 8080)).ShouldBeTrue();

        // Nobody opens anything to the host; it answers the ping that a gateway is expected to answer.
        var listener = new TcpListener(IPAddress.Parse($"{Specs.Outside}.1"), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        (await Host($"nc -z -w1 {Specs.Outside}.1 {port}")).ShouldBeTrue();
        foreach (var guest in new[] { behind, neighbour, outside })
        {
            (await guest.Reaches($"{Specs.Outside}.1", port)).ShouldBeFalse();
            (await guest.Pings($"{Specs.Outside}.1")).ShouldBeTrue();
        }

        listener.Stop();
        var local = (await Command.Run("sh", ["-c", $"ip -6 -o address show dev {lab.Instance}-pub scope link | awk '{{print $4}}' | cut -d/ -f1"], TestContext.Current.CancellationToken)).Trim();
        (await Host($"ping -c1 -W1 {Mac.LinkLocal(direct.Mac)}%{lab.Instance}-pub")).ShouldBeTrue();
        (await outside.Pings($"{local}%eth0")).ShouldBeFalse();

        // Nothing behind the router is reached but by its floating address.
        await outside.Do($"ip route add 10.0.3.0/24 via {Specs.Outside}.10");
        (await outside.Pings("10.0.3.6")).ShouldBeFalse();
        (await outside.Pings($"{Specs.Outside}.50")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_floating_address_moves_at_once_and_ends_the_flows_that_stood_on_it()
    {
        var (one, two) = (Specs.Port(21, 4, "10.0.4.5", Specs.Ping, Specs.Tcp(8080)), Specs.Port(22, 5, "10.0.5.5", Specs.Ping));
        var (first, second) = (await lab.Guest(one), await lab.Guest(two));
        await lab.Ensure(Specs.NetworkName(9), Specs.Public(9));
        await lab.Ensure(Specs.NetworkName(4), Specs.Network(4, one));
        await lab.Ensure(Specs.NetworkName(5), Specs.Network(5, two));
        await first.Configure("10.0.4.1");
        await second.Configure("10.0.5.1");
        var left = new RouterSpec(true, [Specs.Leg(4, 4, "10.0.4.1/24")], Gateway with { Leg = Specs.Leg(14, 9, $"{Specs.Outside}.14/24") }, [new FloatingAddress($"{Specs.Outside}.60", "10.0.4.5")], []);
        var right = new RouterSpec(true, [Specs.Leg(5, 5, "10.0.5.1/24")], Gateway with { Leg = Specs.Leg(15, 9, $"{Specs.Outside}.15/24") }, [], []);
        await lab.Ensure(Specs.RouterName(4), left);
        await lab.Ensure(Specs.RouterName(5), right);
        (await Host($"ping -c1 -W1 {Specs.Outside}.60")).ShouldBeTrue();
        (await Neighbour($"{Specs.Outside}.60")).ShouldBe(left.Gateway!.Leg.Mac);
        var served = first.Serve("nc", "-l", "8080");
        await Wait.Until(() => first.Can("ss -Hltn sport = :8080 | grep -q LISTEN"), "the server listens");
        using var session = new TcpClient($"{Specs.Outside}.60", 8080);
        await session.GetStream().WriteAsync("one\n"u8.ToArray(), TestContext.Current.CancellationToken);
        (await served.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("one");

        await lab.Ensure(Specs.RouterName(4), left with { FloatingAddresses = [] });
        await session.GetStream().WriteAsync("two\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var heard = served.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
        (await Task.WhenAny(heard, Task.Delay(1000, TestContext.Current.CancellationToken))).ShouldNotBe(heard);
        (await Host($"ping -c1 -W1 {Specs.Outside}.60")).ShouldBeFalse();
        await lab.Ensure(Specs.RouterName(5), right with { FloatingAddresses = [new FloatingAddress($"{Specs.Outside}.60", "10.0.5.5")] });
        (await Host($"ping -c1 -W1 {Specs.Outside}.60")).ShouldBeTrue();
        (await Neighbour($"{Specs.Outside}.60")).ShouldBe(right.Gateway!.Leg.Mac);
    }

    [Fact]
    public async Task A_router_waits_for_its_networks()
    {
        var router = new RouterSpec(true, [Specs.Leg(6, 0x666, "10.0.6.1/24")], null, [], []);
        await Should.ThrowAsync<AgentRefusedException>(() => lab.Driver.Ensure(Specs.RouterName(6), router, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(1, "slaac", true)]
    [InlineData(2, "dhcpv6-stateless", true)]
    [InlineData(3, "dhcpv6-stateful", false)]
    public async Task A_router_tells_ipv6_guests_their_way_out(int number, string mode, bool formsAddress)
    {
        var (near, far) = ((number * 2) + 0x80, (number * 2) + 0x81);
        var rule = new RuleSpec(true, 6, "icmp", null, null, null, null);
        var (from, to) = (V6Port(near, rule), V6Port(far, rule));
        var (guest, peer) = (await lab.Guest(from), await lab.Guest(to));
        await lab.Ensure(Specs.NetworkName(near), V6Network(near, mode, from));
        await lab.Ensure(Specs.NetworkName(far), V6Network(far, mode, to));
        await lab.Ensure(Specs.RouterName(near), new RouterSpec(true, [V6Leg(near, mode), V6Leg(far, mode)], null, [], []));
        foreach (var each in new[] { guest, peer })
        {
            await each.Do("ip link set dev eth0 up");
            await Wait.Until(() => each.Can("ip -6 route show default | grep -q 'via fe80:'"), $"{each.Namespace} knows its way out");
        }

        (await guest.Do("ip -6 route show default")).ShouldContain($"via {Mac.LinkLocal(V6Leg(near, mode).Mac)} ");
        (await guest.Can($"ip -6 address show dev eth0 scope global | grep -q {guest.Address}")).ShouldBe(formsAddress);
        foreach (var each in formsAddress ? [] : new[] { guest, peer })
        {
            await each.Do($"ip address add {each.Address}/64 dev eth0 nodad");
        }

        await Wait.Until(() => guest.Pings(peer.Address), "the other network is reached");
    }

    private static PortSpec V6Port(int number, RuleSpec rule) => Specs.Port(number, number, $"fd00:{number:x}::f816:3eff:fe00:{number:x}", rule);

    private static RouterLeg V6Leg(int number, string mode) =>
        Specs.Leg(number, number, $"fd00:{number:x}::1/64") with { Advertised = [new AdvertisedRange($"fd00:{number:x}::/64", mode)] };

    private static NetworkSpec V6Network(int number, string mode, PortSpec port) => Specs.Network(number, port) with
    {
        Subnets = [new SubnetSpec(Specs.Subnet(number), $"fd00:{number:x}::/64", $"fd00:{number:x}::1", true, $"fd00:{number:x}::2", [], [], mode)],
    };

    private static async Task<bool> Host(string command) =>
        (await Command.Try("sh", ["-c", command], TestContext.Current.CancellationToken)).ExitCode == 0;

    private static async Task<string> Neighbour(string address) =>
        (await Command.Run("sh", ["-c", $"ip neighbour show {address} | sed 's/.*lladdr \\([^ ]*\\).*/\\1/'"], TestContext.Current.CancellationToken)).Trim();

    /// <summary>The address by which one guest appears to another that it connects to.</summary>
    private static async Task<string> Source(Guest from, Guest to)
    {
        from.Serve("nc", to.Address, "8080");
        var seen = "";
        await Wait.Until(
            async () => (seen = (await to.Do("ss -Htn state established sport = :8080 | awk '{print $4}' | head -1")).Trim()).Length > 0,
            "the connection is there");
        await to.Do("ss -K -Htn state established sport = :8080");
        return seen[..seen.LastIndexOf(':')];
    }
}
