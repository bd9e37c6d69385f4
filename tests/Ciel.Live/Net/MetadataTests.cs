namespace Ciel.Live.Net;

[Collection("network namespaces")]
public class MetadataTests(NetLab lab) : IClassFixture<NetLab>
{
    private const string Ask = "curl -sS -m 5 http://169.254.169.254";

    [Fact]
    public async Task Each_guest_is_known_by_its_tap_whatever_address_it_uses()
    {
        var one = Specs.Port(1, 1, "10.0.1.5");
        var two = Specs.Port(2, 1, "10.0.1.6") with { PortSecurity = false };
        var (first, second) = (await lab.Guest(one), await lab.Guest(two));
        await lab.Ensure(Specs.NetworkName(1), Specs.Network(1, one, two));
        await first.Configure();
        await second.Configure();
        foreach (var guest in new[] { first, second })
        {
            await guest.Do("ip route add 169.254.169.254 via 10.0.1.2");
            (await guest.Do($"{Ask}/openstack/latest/meta_data.json?a=1")).ShouldBe($"{guest.Port.Id} GET /openstack/latest/meta_data.json?a=1\n");
            lab.Seen.ShouldContainKey(guest.Port.Id);
        }

        // The second takes the first one's address and hardware address; the first is silent meanwhile.
        await first.Do("ip link set dev eth0 down");
        await second.Do($"ip link set dev eth0 down; ip link set dev eth0 address {one.Mac}; ip address flush dev eth0");
        await second.Do("ip address add 10.0.1.5/24 dev eth0; ip link set dev eth0 up; ip route add 169.254.169.254 via 10.0.1.2");
        (await second.Do($"{Ask}/")).ShouldBe($"{two.Id} GET /\n");
    }

    [Fact]
    public async Task It_is_reached_also_by_way_of_the_gateway_and_after_the_agent_restarted()
    {
        var one = Specs.Port(11, 2, "10.0.2.5");
        var guest = await lab.Guest(one);
        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, one));
        await guest.Configure();

        // There is no router: the frame is addressed to nobody, and the bridge takes it.
        await guest.Do("ip neighbour replace 10.0.2.1 lladdr fa:16:3e:99:99:99 dev eth0; ip route add default via 10.0.2.1");
        (await guest.Do($"{Ask}/")).ShouldBe($"{one.Id} GET /\n");

        await lab.Restart();
        (await lab.Driver.Adopt(TestContext.Current.CancellationToken)).Keys.ShouldContain(Specs.NetworkName(2));
        (await guest.Do($"{Ask}/")).ShouldBe($"{one.Id} GET /\n");
    }

    [Fact]
    public async Task Bad_requests_are_refused_and_connections_are_bounded()
    {
        var one = Specs.Port(21, 3, "10.0.3.5");
        var guest = await lab.Guest(one);
        await lab.Ensure(Specs.NetworkName(3), Specs.Network(3, one));
        await guest.Configure(gateway: "10.0.3.2");

        (await guest.Do("printf 'GET nonsense\\r\\n\\r\\n' | nc -w3 169.254.169.254 80")).ShouldStartWith("HTTP/1.1 400 ");
        (await guest.Do("printf 'BREW / HTTP/1.1\\r\\n\\r\\n' | nc -w3 169.254.169.254 80")).ShouldStartWith("HTTP/1.1 405 ");
        (await guest.Do("head -c 20000 /dev/zero | tr '\\0' a | nc -N -w3 169.254.169.254 80")).ShouldStartWith("HTTP/1.1 431 ");
        (await guest.Do($"{Ask}/x -X PUT -d 0123456789")).ShouldBe($"{one.Id} PUT /x\n");
        (await guest.Do($"{Ask}/y -I")).ShouldContain("HTTP/1.1 200 OK");

        // Twenty that say nothing: four are turned away, and there is no place for one more.
        guest.Serve("sh", "-c", "for i in $(seq 20); do sleep 8 | nc 169.254.169.254 80 & done; wait");
        await Wait.Until(async () => await guest.Do("ss -Htn dst 169.254.169.254 | wc -l") == "16\n", "sixteen are open");
        (await guest.Can($"{Ask}/")).ShouldBeFalse();
    }
}
