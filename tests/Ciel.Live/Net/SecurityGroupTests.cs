using System.Diagnostics;
using Ciel.Agent.Contract;

namespace Ciel.Live.Net;

[Collection("network namespaces")]
public class SecurityGroupTests(NetLab lab) : IClassFixture<NetLab>
{
    [Fact]
    public async Task A_closed_port_is_closed_an_opened_one_opens_live_and_a_removed_rule_ends_what_it_let_in()
    {
        var client = Specs.Port(1, 1, "10.0.1.5");
        var server = Specs.Port(2, 1, "10.0.1.6");
        var (from, to) = (await lab.Guest(client), await lab.Guest(server));
        await Ensure(client, server);
        await from.Configure();
        await to.Configure();
        var served = to.Serve("nc", "-l", "-k", "8080");
        await Wait.Until(() => to.Can("ss -Hltn sport = :8080 | grep -q LISTEN"), "the server listens");
        (await from.Reaches("10.0.1.6", 8080)).ShouldBeFalse();
        (await from.Pings("10.0.1.6")).ShouldBeFalse();

        await Ensure(client, Specs.Port(2, 1, "10.0.1.6", Specs.Ping, Specs.Tcp(8080)));
        (await from.Pings("10.0.1.6")).ShouldBeTrue();
        var session = from.Serve("nc", "10.0.1.6", "8080");
        await Say(session, "one");
        (await Heard(served)).ShouldBe("one");

        // The flow outlives an unrelated change, and ends with its own rule.
        await Ensure(client, Specs.Port(2, 1, "10.0.1.6", Specs.Tcp(8080)));
        (await from.Pings("10.0.1.6")).ShouldBeFalse();
        await Say(session, "two");
        (await Heard(served)).ShouldBe("two");
        await Ensure(client, server);
        await Say(session, "three");
        var heard = Heard(served);
        (await Task.WhenAny(heard, Task.Delay(2000, TestContext.Current.CancellationToken))).ShouldNotBe(heard);
        (await from.Reaches("10.0.1.6", 8080)).ShouldBeFalse();
    }

    [Fact]
    public async Task Remote_groups_and_egress_rules_count()
    {
        var member = Specs.Port(11, 2, "10.0.2.5");
        var other = Specs.Port(12, 2, "10.0.2.6");
        var mute = Specs.Port(13, 2, "10.0.2.7") with { Rules = [] };
        var server = Specs.Port(14, 2, "10.0.2.8", new RuleSpec(true, 4, "tcp", 8000, 8100, null, "group"));
        var guests = new List<Guest>();
        foreach (var port in new[] { member, other, mute, server })
        {
            guests.Add(await lab.Guest(port));
        }

        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, member, other, mute, server) with
        {
            Groups = new Dictionary<string, IReadOnlyList<string>> { ["group"] = ["10.0.2.5/32", "10.0.2.7/32"] },
        });
        foreach (var guest in guests)
        {
            await guest.Configure();
        }

        await guests[3].Listen(8080);
        (await guests[0].Reaches("10.0.2.8", 8080)).ShouldBeTrue();
        (await guests[1].Reaches("10.0.2.8", 8080)).ShouldBeFalse();
        (await guests[2].Reaches("10.0.2.8", 8080)).ShouldBeFalse();

        // What may say nothing may still ask for its address and who it is.
        await guests[2].Do("ip route add 169.254.169.254 via 10.0.2.2");
        (await guests[2].Can("curl -sS -m 5 http://169.254.169.254/")).ShouldBeTrue();
        (await guests[2].Pings("10.0.2.2")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_spoofed_address_is_dropped_and_an_allowed_pair_is_not()
    {
        var one = Specs.Port(21, 3, "10.0.3.5") with { AllowedPairs = [new AllowedPair("10.0.3.100/32", Specs.Mac(21)), new AllowedPair("10.0.3.0/28", Specs.Mac(21))] };
        var two = Specs.Port(22, 3, "10.0.3.66", Specs.Ping);
        var (from, to) = (await lab.Guest(one), await lab.Guest(two));
        await lab.Ensure(Specs.NetworkName(3), Specs.Network(3, one, two));
        await from.Configure();
        await to.Configure();
        (await from.Pings("10.0.3.66")).ShouldBeTrue();

        await from.Do("ip address add 10.0.3.99/24 dev eth0; ip address add 10.0.3.100/24 dev eth0");
        (await from.Can("ping -c1 -W1 -I 10.0.3.100 10.0.3.66")).ShouldBeTrue();
        (await from.Can("ping -c1 -W1 -I 10.0.3.99 10.0.3.66")).ShouldBeFalse();

        // Not even its neighbours hear of it.
        await to.Do("ip neighbour flush dev eth0");
        (await to.Pings("10.0.3.99")).ShouldBeFalse();
        (await to.Can("ip neighbour show 10.0.3.99 | grep -q lladdr")).ShouldBeFalse();

        await from.Do("ip link set dev eth0 address fa:16:3e:ff:ff:ff");
        (await from.Pings("10.0.3.66")).ShouldBeFalse();
        await from.Do($"ip link set dev eth0 address {one.Mac}");
        (await from.Pings("10.0.3.66")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_port_that_is_down_passes_nothing_and_one_without_security_all()
    {
        var one = Specs.Port(31, 4, "10.0.4.5") with { PortSecurity = false };
        var two = Specs.Port(32, 4, "10.0.4.6") with { PortSecurity = false };
        var (from, to) = (await lab.Guest(one), await lab.Guest(two));
        await lab.Ensure(Specs.NetworkName(4), Specs.Network(4, one, two));
        await from.Configure();
        await to.Configure();
        await from.Do("ip address add 10.0.4.99/24 dev eth0");
        (await from.Can("ping -c1 -W1 -I 10.0.4.99 10.0.4.6")).ShouldBeTrue();

        await lab.Ensure(Specs.NetworkName(4), Specs.Network(4, one, two with { Up = false }));
        (await from.Pings("10.0.4.6")).ShouldBeFalse();
        (await to.Pings("10.0.4.2")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_kernel_takes_every_rule_that_can_be_asked_for()
    {
        string[] protocols =
        [
            "ah", "dccp", "egp", "esp", "gre", "icmp", "icmpv6", "igmp", "ipip", "ipv6-encap", "ipv6-frag", "ipv6-icmp", "ipv6-nonxt", "ipv6-opts",
            "ipv6-route", "ospf", "pgm", "rsvp", "sctp", "tcp", "udp", "udplite", "vrrp", "any", "0", "6", "255",
        ];
        var rules = protocols.SelectMany(protocol => new[] { 4, 6 }.Select(version => new RuleSpec(true, version, protocol, null, null, null, null)))
            .Concat(new[] { "tcp", "udp", "sctp", "dccp", "udplite", "17" }.Select(protocol => new RuleSpec(false, 4, protocol, 1, 65535, "0.0.0.0/0", null)))
            .Concat([
                new RuleSpec(true, 4, "icmp", 255, 255, "10.0.0.0/8", null), new RuleSpec(true, 6, "icmp", 0, null, "::/0", null),
                new RuleSpec(true, 6, "tcp", 22, 22, null, "group"), new RuleSpec(false, 4, null, null, null, null, "group"),
            ]);
        var port = Specs.Port(41, 5, "10.0.5.5") with
        {
            Rules = [.. rules],
            Addresses = [.. Specs.Port(41, 5, "10.0.5.5").Addresses, new FixedAddress(Specs.Subnet(5), "fd00:5::5")],
            AllowedPairs = [new("0.0.0.0/0", Specs.Mac(41)), new("::/0", Specs.Mac(41)), new("10.1.2.3/20", Specs.Mac(42)), new("fd00::/57", Specs.Mac(43))],
        };
        var observed = await lab.Ensure(Specs.NetworkName(5), Specs.Network(5, port) with
        {
            Groups = new Dictionary<string, IReadOnlyList<string>> { ["group"] = ["10.0.0.1", "10.0.0.0/24", "0.0.0.0/0", "fd00::/8", "fd00::1"] },
        });
        observed.State.ShouldBe(ObjectStates.Ready);
    }

    private async Task Ensure(params PortSpec[] ports) => await lab.Ensure(Specs.NetworkName(1), Specs.Network(1, ports));

    private static async Task Say(Process process, string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string?> Heard(Process process) => await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
}
