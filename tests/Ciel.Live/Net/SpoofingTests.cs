using Ciel.Agent.Drivers.LinuxNet;

namespace Ciel.Live.Net;

[Collection("network namespaces")]
public class SpoofingTests(NetLab lab) : IClassFixture<NetLab>
{
    private const string Other = "fa:16:3e:ee:ee:ee";

    [Fact]
    public async Task A_secured_guest_is_heard_in_its_own_name_only()
    {
        var one = Specs.Port(1, 1, "10.0.1.5") with { Addresses = [new(Specs.Subnet(1), "10.0.1.5"), new(Specs.Subnet(1), "fd00::5")] };
        var two = Specs.Port(2, 1, "10.0.1.6") with { PortSecurity = false };
        var (from, to) = (await lab.Guest(one), await lab.Guest(two));
        await lab.Ensure(Specs.NetworkName(1), Specs.Network(1, one, two));
        var local = Mac.LinkLocal(one.Mac);
        var own = new[]
        {
            Frame.Udp(one.Mac, "10.0.1.5", 1000, 1000, Marker(0)),
            Frame.Arp(one.Mac, one.Mac, "10.0.1.5", Marker(1)),
            Frame.Neighbour(one.Mac, local, 136, Frame.Advertised("fd00::5"), Marker(2)),
            Frame.Discover(one.Mac, one.Mac, Marker(3)),
        };
        var others = new[]
        {
            Frame.Udp(Other, "10.0.1.5", 1000, 1000, Marker(4)),
            Frame.Udp(one.Mac, "10.0.1.6", 1000, 1000, Marker(5)),
            Frame.Udp(one.Mac, "0.0.0.0", 1000, 1000, Marker(6)),
            Frame.Arp(one.Mac, one.Mac, "10.0.1.1", Marker(7)),
            Frame.Arp(one.Mac, Other, "10.0.1.5", Marker(8)),
            Frame.Neighbour(one.Mac, local, 136, Frame.Advertised("fd00::1"), Marker(9)),
            Frame.Neighbour(one.Mac, "fe80::1", 136, Frame.Advertised("fd00::5"), Marker(10)),
            Frame.Neighbour(one.Mac, local, 134, "4000070800000000" + "00000000", Marker(11)),
            Frame.Discover(one.Mac, Other, Marker(12)),
            Frame.Udp(one.Mac, "10.0.1.5", 67, 68, Marker(13)),
            Frame.Raw(one.Mac, 0x88b5, Marker(14)),
            Frame.Tagged(Frame.Udp(one.Mac, "10.0.1.5", 1000, 1000, Marker(15))),
        };
        (await Sent(from, to, [.. others, .. own])).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public async Task A_secured_guest_hears_nothing_past_its_rules()
    {
        var one = Specs.Port(11, 2, "10.0.2.5") with { PortSecurity = false };
        var two = Specs.Port(12, 2, "10.0.2.6", Specs.Tcp(22));
        var (from, to) = (await lab.Guest(one), await lab.Guest(two));
        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, one, two));
        string[] frames =
        [
            Frame.Ping(one.Mac, "10.0.2.5", "10.0.2.6", Marker(0)),
            Frame.Tagged(Frame.Ping(one.Mac, "10.0.2.5", "10.0.2.6", Marker(1))),
            Frame.Raw(one.Mac, 0x88b5, Marker(2)),
            Frame.Arp(one.Mac, one.Mac, "10.0.2.5", Marker(3)),
        ];
        (await Sent(from, to, frames)).ShouldBe([3]);

        await lab.Ensure(Specs.NetworkName(2), Specs.Network(2, one, two with { Rules = [.. two.Rules, Specs.Ping] }));
        (await Sent(from, to, frames)).ShouldBe([0, 3]);
    }

    private static string Marker(int number) => $"c1e1c1e1c1e100{number:x2}";

    /// <summary>Sends frames and answers the numbers of the markers that arrive. The last one sent must be among them.</summary>
    private static async Task<IReadOnlyList<int>> Sent(Guest from, Guest to, string[] frames)
    {
        const string listen = """
            import re, socket
            s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)); s.bind(("eth0", 0)); print("ready", flush=True)
            while True: [print(int(m, 16), flush=True) for m in re.findall("c1e1c1e1c1e100(..)", s.recv(4096).hex())]
            """;
        const string send = "import socket, sys; s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('eth0', 0)); [s.send(bytes.fromhex(f)) for f in sys.argv[1:]]";
        await from.Do("ip link set dev eth0 up");
        await to.Do("ip link set dev eth0 up");
        var ear = to.Serve("python3", "-c", listen);
        (await ear.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("ready");
        await from.Do($"python3 -c \"{send}\" {string.Join(' ', frames)}");
        var heard = new SortedSet<int>();
        var last = int.Parse(frames[^1][(frames[^1].LastIndexOf("c1e1c1e1c1e100", StringComparison.Ordinal) + 14)..][..2], System.Globalization.NumberStyles.HexNumber);
        while (!heard.Contains(last))
        {
            var line = await ear.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            heard.Add(int.Parse(line!, System.Globalization.CultureInfo.InvariantCulture));
        }

        ear.Kill(entireProcessTree: true);
        return [.. heard];
    }
}
