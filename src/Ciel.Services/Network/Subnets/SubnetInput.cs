using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Network;

/// <summary>Reads the attributes of a subnet from a request and checks each by itself.</summary>
internal static class SubnetInput
{
    private const int MostNameServers = 5;
    private const int MostRoutes = 20;

    public static int IpVersion(Input input) => (int)input.NotNull("ip_version").Integer("ip_version", 0, 64) switch
    {
        4 => 4,
        6 => 6,
        var other => throw input.Refuse("ip_version", $"{other}", $"'{other}' is not in [4, 6]"),
    };

    public static Cidr Cidr(Input input, int version)
    {
        var text = input.NotNull("cidr").String("cidr", 0, 64);
        if (!text.Contains('/', StringComparison.Ordinal) || Services.Network.Cidr.Parse(text) is not { } cidr)
        {
            throw input.Refuse("cidr", text, $"'{text}' is not a valid IP subnet");
        }

        if (Ip.Parse(text[..text.IndexOf('/', StringComparison.Ordinal)]) != cidr.First)
        {
            throw input.Refuse("cidr", text, $"'{text}' isn't a recognized IP subnet cidr, '{cidr}' is recommended");
        }

        return cidr.Version == version ? cidr : throw Faults.InvalidInput($"cidr {cidr} does not match the ip_version {version}");
    }

    /// <summary>Null where the subnet is to have none.</summary>
    public static Ip? Gateway(Input input)
    {
        if (input.OptionalString("gateway_ip", 0, 64) is not { } text)
        {
            return null;
        }

        return Ip.Parse(text) ?? throw input.Refuse("gateway_ip", text, $"'{text}' is not a valid IP address");
    }

    public static IReadOnlyList<Pool>? AllocationPools(Input input) => input.NotNull("allocation_pools").OptionalObjects("allocation_pools")?.Select(p =>
    {
        var pool = new Pool(p.String("start", 0, 64), p.String("end", 0, 64));
        p.Done();
        return pool;
    }).ToArray();

    public static string NameServers(Input input, string current)
    {
        if (input.NotNull("dns_nameservers").OptionalStrings("dns_nameservers", 100) is not { } servers)
        {
            return current;
        }

        if (servers.Count > MostNameServers)
        {
            throw Fault.BadRequest($"Unable to complete operation. The number of DNS nameservers exceeds the limit {MostNameServers}.", "DNSNameServersExhausted");
        }

        var addresses = servers.Select(s => (Ip.Parse(s) ?? throw input.Refuse("dns_nameservers", s, $"'{s}' is not a valid nameserver")).ToString()).ToArray();
        return addresses.Distinct().Count() == addresses.Length
            ? NetworkJson.Of(addresses)
            : throw input.Refuse("dns_nameservers", "", "Duplicate nameserver");
    }

    public static string HostRoutes(Input input, string current, int version)
    {
        if (input.NotNull("host_routes").OptionalObjects("host_routes") is not { } list)
        {
            return current;
        }

        if (list.Count > MostRoutes)
        {
            throw Fault.BadRequest($"Unable to complete operation. The number of host routes exceeds the limit {MostRoutes}.", "HostRoutesExhausted");
        }

        return NetworkJson.Of([.. list.Select(r => Route(r, version))]);
    }

    /// <summary>One static route of a subnet or router.</summary>
    public static Route Route(Input input, int? version)
    {
        var (destination, hop) = (input.String("destination", 0, 64), input.String("nexthop", 0, 64));
        input.Done();
        var cidr = Services.Network.Cidr.Parse(destination) ?? throw input.Refuse("destination", destination, $"'{destination}' is not a valid IP subnet");
        var address = Ip.Parse(hop) ?? throw input.Refuse("nexthop", hop, $"'{hop}' is not a valid IP address");
        return cidr.Version == address.Version && (version is null || cidr.Version == version)
            ? new Route(cidr.ToString(), address.ToString())
            : throw Faults.InvalidInput($"route {destination} by {hop} mixes IP versions");
    }

    public static string ServiceTypes(Input input, string current)
    {
        if (input.NotNull("service_types").OptionalStrings("service_types", 100) is not { } types)
        {
            return current;
        }

        return types.FirstOrDefault(t => !t.StartsWith("network:", StringComparison.Ordinal) && !t.StartsWith("compute:", StringComparison.Ordinal)) is { } wrong
            ? throw Fault.BadRequest($"Subnet service type {wrong} does not correspond to a valid device owner.", "InvalidSubnetServiceType")
            : NetworkJson.Of(types);
    }
}
