using Ciel.Agent.Contract;
using Ciel.Agent.Drivers.LinuxNet;
using Ciel.Agent.Host;

namespace Ciel.Live.Net;

[Collection("network namespaces")]
public class LifecycleTests(NetLab lab) : IClassFixture<NetLab>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_tenants_with_the_same_addresses_do_not_see_each_other()
    {
        var (one, two) = (Specs.Port(1, 1, "10.0.0.5", Specs.Ping), Specs.Port(2, 2, "10.0.0.6", Specs.Ping));
        var peer = Specs.Port(3, 1, "10.0.0.6", Specs.Ping, Specs.Tcp(8080));
        var (first, second, third) = (await lab.Guest(one), await lab.Guest(two), await lab.Guest(peer));
        await lab.Ensure(Specs.NetworkName(1), Specs.Network(1, "10.0.0", one));
        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, "10.0.0", two));
        await first.Configure();
        await second.Configure();
        (await first.Pings("10.0.0.6")).ShouldBeFalse();
        (await second.Pings("10.0.0.5")).ShouldBeFalse();

        await lab.Ensure(Specs.NetworkName(1), Specs.Network(1, "10.0.0", one, peer));
        await third.Configure();
        await third.Listen(8080);
        await Wait.Until(() => first.Reaches("10.0.0.6", 8080), "the first finds its own network's .6, which it looked for in vain before");
        (await second.Can("ss -Hltn | grep -q 8080")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_again_changes_nothing_and_an_agents_restart_cuts_no_flow()
    {
        var port = Specs.Port(11, 3, "10.0.3.5", Specs.Tcp(8080));
        var client = Specs.Port(12, 3, "10.0.3.6");
        var (to, from) = (await lab.Guest(port), await lab.Guest(client));
        var network = Specs.Network(3, port, client);
        var router = new RouterSpec(true, [Specs.Leg(3, 3, "10.0.3.1/24")], null, [], []);
        await lab.Ensure(Specs.NetworkName(3), network);
        await lab.Ensure(Specs.RouterName(3), router);
        await to.Configure();
        await from.Configure();
        var served = to.Serve("nc", "-l", "8080");
        await Wait.Until(() => to.Can("ss -Hltn sport = :8080 | grep -q LISTEN"), "the server listens");
        var session = from.Serve("nc", "10.0.3.5", "8080");
        var before = await Picture();

        await lab.Ensure(Specs.NetworkName(3), network);
        await lab.Ensure(Specs.RouterName(3), router);
        (await Picture()).ShouldBe(before);

        await lab.Restart();
        var adopted = await lab.Driver.Adopt(Cancel);
        adopted[Specs.NetworkName(3)].State.ShouldBe(ObjectStates.Ready);
        adopted[Specs.RouterName(3)].State.ShouldBe(ObjectStates.Ready);
        (await Picture()).ShouldBe(before);
        await session.StandardInput.WriteLineAsync("still here");
        await session.StandardInput.FlushAsync(Cancel);
        (await served.StandardOutput.ReadLineAsync(Cancel)).ShouldBe("still here");
    }

    [Fact]
    public async Task A_machine_finds_a_tap_that_waits_for_it()
    {
        var port = Specs.Port(21, 4, "10.0.4.5");
        await lab.Ensure(Specs.NetworkName(4), Specs.Network(4, port));
        var ns = HostNames.NetworkNamespace(lab.Instance, NetLab.Id(4));
        (await Command.Run("ip", ["-n", ns, "tuntap", "show"], Cancel)).ShouldContain($"{HostNames.Tap(port.Id)}: tap vnet_hdr persist");
        var link = (await Ip.Links(ns, Cancel))[HostNames.Tap(port.Id)];
        (link.Up, link.Master, link.Mtu).ShouldBe((true, "br", 1450));

        await lab.Ensure(Specs.NetworkName(4), Specs.Network(4));
        (await Ip.Links(ns, Cancel)).ShouldNotContainKey(HostNames.Tap(port.Id));
    }

    [Fact]
    public async Task Nothing_is_left_when_all_is_absent_and_halves_are_removed()
    {
        await using var own = new NetLab { Instance = "lnu" };
        await own.InitializeAsync();
        var (network, router) = (Specs.NetworkName(5), Specs.RouterName(5));
        await own.Ensure(network, Specs.Public(5, Specs.Port(31, 5, $"{Specs.Outside}.5")));
        await own.Ensure(router, new RouterSpec(true, [], new RouterGateway(Specs.Leg(5, 5, $"{Specs.Outside}.10/24"), [$"{Specs.Outside}.1"], true), [], []));
        (await own.OnHost()).Count.ShouldBe(7, "two namespaces, the host's interface, two directories, dnsmasq, the broker");

        // Half of a router: its directory went before its namespace.
        Files.Remove(NetState.DirectoryOf(own.Root, router));
        await own.Restart();
        (await own.Driver.Adopt(Cancel)).Keys.ShouldBe([network]);
        Ip.All().ShouldNotContain(HostNames.RouterNamespace("lnu", NetLab.Id(5)));

        await own.Driver.Absent(network, Cancel);
        await own.Driver.Absent(network, Cancel);
        await own.Driver.Absent(router, Cancel);
        await own.Restart();
        await Wait.Until(async () => (await own.OnHost()).Count == 0, "nothing is left");
    }

    [Fact]
    public async Task Many_at_once_get_in_nobodys_way_and_no_thread_of_ours_stays_inside()
    {
        var numbers = Enumerable.Range(0x70, 10).ToArray();
        await Task.WhenAll(numbers.Select(async number =>
        {
            await lab.Ensure(Specs.NetworkName(number), Specs.Network(number, Specs.Port(number, number, $"10.0.{number}.5")));
            await lab.Ensure(Specs.RouterName(number), new RouterSpec(true, [Specs.Leg(number, number, $"10.0.{number}.1/24")], null, [], []));
        }));
        foreach (var number in numbers)
        {
            var listening = await Command.Run("ip", ["netns", "exec", HostNames.RouterNamespace(lab.Instance, NetLab.Id(number)), "ss", "-Hlntu"], Cancel);
            listening.ShouldBeEmpty("a router listens for nothing");
        }

        var brokers = Directory.EnumerateDirectories("/proc").Where(process =>
            (Files.TryReadText(process + "/cmdline") ?? "").Contains($"{NetnsBroker.Name}\0{lab.Root}", StringComparison.Ordinal)).ToArray();
        brokers.Length.ShouldBe(1);
        foreach (var thread in brokers.Append("/proc/self").SelectMany(process => Directory.EnumerateDirectories(process + "/task")))
        {
            new FileInfo(thread + "/ns/net").LinkTarget.ShouldBeOneOf(new FileInfo("/proc/self/ns/net").LinkTarget, null);
        }

        await Task.WhenAll(numbers.Select(async number =>
        {
            await lab.Driver.Absent(Specs.RouterName(number), Cancel);
            await lab.Driver.Absent(Specs.NetworkName(number), Cancel);
        }));
        Ip.All().ShouldNotContain(HostNames.NetworkNamespace(lab.Instance, NetLab.Id(numbers[^1])));
    }

    [Fact]
    public async Task What_cannot_be_is_said_to_the_user_and_breaks_nothing()
    {
        var port = Specs.Port(41, 6, "10.0.6.5");
        await lab.Ensure(Specs.NetworkName(6), Specs.Network(6, port));
        var bad = Specs.Network(6, port with { Rules = [new RuleSpec(true, 4, "tcp; flush ruleset", 1, 1, null, null)] });
        var observed = await lab.Driver.Ensure(Specs.NetworkName(6), bad, Cancel);
        observed.State.ShouldBe(ObjectStates.Failed);
        observed.Error.ShouldBe("no such protocol: tcp; flush ruleset");
        await lab.Ensure(Specs.NetworkName(6), Specs.Network(6, port));
    }

    [Fact]
    public async Task The_features_say_what_is_there()
    {
        var features = await lab.Driver.Detect(Cancel);
        foreach (var needed in new[] { "network namespaces", "bridge", "veth", "tap", "nft bridge", "nft inet conntrack", "nft nat", "br_netfilter", "tcp_fwmark_accept", "dnsmasq" })
        {
            features.Single(feature => feature.Name == needed).Present.ShouldBeTrue();
        }

        Ip.All().ShouldNotContain(lab.Instance + "-probe");
    }

    private async Task<string> Picture()
    {
        var text = "";
        foreach (var ns in new[] { HostNames.NetworkNamespace(lab.Instance, NetLab.Id(3)), HostNames.RouterNamespace(lab.Instance, NetLab.Id(3)) })
        {
            text += await Command.Run("ip", ["-n", ns, "address"], Cancel);
            text += await Command.Run("ip", ["-n", ns, "route"], Cancel);
            text += await Command.Run("ip", ["netns", "exec", ns, "nft", "--stateless", "list", "ruleset"], Cancel);
            text += await Command.Run("ip", ["netns", "pids", ns], Cancel);
        }

        return text;
    }
}
