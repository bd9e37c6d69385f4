using System.Buffers.Binary;
using System.Net;

namespace Ciel.Live.Net;

/// <summary>Ethernet frames, built byte by byte, that no honest kernel would send.</summary>
internal static class Frame
{
    private const string Everyone = "ffffffffffff";

    public static string Raw(string mac, int etherType, string payload) => $"{Everyone}{Hex(mac)}{etherType:x4}{payload}".PadRight(120, '0');

    /// <summary>A frame with a priority tag, which a guest takes for none.</summary>
    public static string Tagged(string frame) => frame[..24] + "81000000" + frame[24..];

    /// <summary>An ARP answer that says: this address is at this hardware address.</summary>
    public static string Arp(string mac, string claimedMac, string address, string marker) =>
        Raw(mac, 0x0806, $"0001080006040002{Hex(claimedMac)}{Bytes(address)}{Everyone}{Bytes(address)}{marker}");

    public static string Udp(string mac, string address, int from, int to, string payload)
    {
        var length = 8 + (payload.Length / 2);
        return Raw(mac, 0x0800, Ip4(address, 17, length) + $"{from:x4}{to:x4}{length:x4}0000{payload}");
    }

    public static string Ping(string mac, string address, string target, string marker)
    {
        var message = "0800" + Sum("08000000" + "00010001" + marker) + "00010001" + marker;
        return Raw(mac, 0x0800, Ip4(address, 1, message.Length / 2, target) + message);
    }

    /// <summary>A DHCP request for a hardware address.</summary>
    public static string Discover(string mac, string claimedMac, string marker) =>
        Udp(mac, "0.0.0.0", 68, 67, "01010600" + marker + new string('0', 32) + Hex(claimedMac).PadRight(416, '0') + "63825363350101ff");

    /// <summary>An ICMPv6 message of neighbour discovery, with the marker in an option that nobody knows.</summary>
    public static string Neighbour(string mac, string from, int type, string body, string marker)
    {
        var message = $"{body}fd02000000000000{marker}";
        var length = 4 + (message.Length / 2);
        var to = Bytes("ff02::1");
        var checksum = Sum($"{Bytes(from)}{to}{length:x8}0000003a{type:x2}000000{message}");
        return $"333300000001{Hex(mac)}86dd60000000{length:x4}3aff{Bytes(from)}{to}{type:x2}00{checksum}{message}";
    }

    /// <summary>The body of an advertisement of an address.</summary>
    public static string Advertised(string address) => "20000000" + Bytes(address);

    private static string Ip4(string from, int protocol, int length, string to = "255.255.255.255")
    {
        var head = $"4500{20 + length:x4}0000000040{protocol:x2}";
        return head + Sum($"{head}0000{Bytes(from)}{Bytes(to)}") + Bytes(from) + Bytes(to);
    }

    /// <summary>The Internet checksum (RFC 1071).</summary>
    private static string Sum(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(i));
        }

        sum = (sum & 0xffff) + (sum >> 16);
        return $"{(ushort)~(sum + (sum >> 16)):x4}";
    }

    private static string Bytes(string address) => Convert.ToHexStringLower(IPAddress.Parse(address).GetAddressBytes());

    private static string Hex(string mac) => mac.Replace(":", "", StringComparison.Ordinal);
}
