using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Numerics;

namespace Ciel.Commands;

/// <summary>IPv4 addresses that this host has or reaches otherwise than by its default route.</summary>
/// <param name="Range">The addresses.</param>
/// <param name="Interface">By which interface.</param>
internal sealed record HostRange(IPNetwork Range, string Interface)
{
    /// <summary>All of them at this moment: routes, and addresses that have none.</summary>
    public static IReadOnlyList<HostRange> All() =>
    [
        .. Routes(File.ReadLines("/proc/net/route")),
        .. from link in NetworkInterface.GetAllNetworkInterfaces()
           from address in link.GetIPProperties().UnicastAddresses
           where address.Address.AddressFamily == AddressFamily.InterNetwork
           select new HostRange(new IPNetwork(address.Address, 32), link.Name),
    ];

    /// <summary>Reads the kernel's table (proc(5), /proc/net/route): addresses in hexadecimal, their bytes as they lie in memory.</summary>
    public static IEnumerable<HostRange> Routes(IEnumerable<string> lines) =>
        from line in lines.Skip(1)
        let fields = line.Split('\t', StringSplitOptions.TrimEntries)
        let prefix = BitOperations.PopCount(Number(fields[7]))
        where prefix > 0
        select new HostRange(new IPNetwork(new IPAddress(Number(fields[1])), prefix), fields[0]);

    private static uint Number(string hex) => uint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
