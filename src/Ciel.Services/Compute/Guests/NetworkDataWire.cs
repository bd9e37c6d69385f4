using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>One address in <c>network_data.json</c>.</summary>
internal static class NetworkDataWire
{
    public static void Network(Utf8JsonWriter json, PortInfo port, PortAddress address, string link, int number)
    {
        var six = address.Address.Contains(':', StringComparison.Ordinal);
        json.WriteStartObject();
        json.WriteString("id", "network" + number.ToString(CultureInfo.InvariantCulture));
        json.WriteString("type", (six ? "ipv6" : "ipv4") + (address.Dhcp ? "_dhcp" : ""));
        json.WriteString("link", link);
        if (!address.Dhcp)
        {
            Static(json, address, six);
        }

        json.WriteString("network_id", port.NetworkId);
        json.WriteEndObject();
    }

    private static void Static(Utf8JsonWriter json, PortAddress address, bool six)
    {
        json.WriteString("ip_address", address.Address);
        json.WriteString("netmask", Mask(address.Cidr));
        json.WriteStartArray("routes");
        if (address.Gateway is { } gateway)
        {
            json.WriteStartObject();
            json.WriteString("network", six ? "::" : "0.0.0.0");
            json.WriteString("netmask", six ? "::" : "0.0.0.0");
            json.WriteString("gateway", gateway);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("services");
        foreach (var server in address.DnsServers)
        {
            json.WriteStartObject();
            json.WriteString("type", "dns");
            json.WriteString("address", server);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Mask(string cidr)
    {
        var network = IPNetwork.Parse(cidr);
        var bytes = new byte[network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 4 : 16];
        for (var bit = 0; bit < network.PrefixLength; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes).ToString();
    }
}
