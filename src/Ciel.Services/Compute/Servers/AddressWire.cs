using System.Text.Json;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>A server's addresses by network.</summary>
internal static class AddressWire
{
    /// <summary>Writes <c>{network: [addresses]}</c>; the servers' own view also tells kind and MAC.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<PortInfo> ports, bool extended)
    {
        json.WriteStartObject();
        foreach (var network in ports.GroupBy(p => p.NetworkName))
        {
            json.WritePropertyName(network.Key);
            WriteNetwork(json, network, extended);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the addresses on one network: fixed ones, then floating ones.</summary>
    public static void WriteNetwork(Utf8JsonWriter json, IEnumerable<PortInfo> ports, bool extended)
    {
        var all = ports.SelectMany(p => p.Addresses, (port, address) => (port.Mac, address)).ToArray();
        json.WriteStartArray();
        foreach (var (mac, address) in all)
        {
            One(json, address.Address, "fixed", mac, extended);
        }

        foreach (var (mac, address) in all.Where(a => a.address.Floating is not null))
        {
            One(json, address.Floating!, "floating", mac, extended);
        }

        json.WriteEndArray();
    }

    private static void One(Utf8JsonWriter json, string address, string kind, string mac, bool extended)
    {
        json.WriteStartObject();
        json.WriteNumber("version", address.Contains(':', StringComparison.Ordinal) ? 6 : 4);
        json.WriteString("addr", address);
        if (extended)
        {
            json.WriteString("OS-EXT-IPS:type", kind);
            json.WriteString("OS-EXT-IPS-MAC:mac_addr", mac);
        }

        json.WriteEndObject();
    }
}
