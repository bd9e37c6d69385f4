using System.Text.RegularExpressions;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Network;

/// <summary>Reads a port's lists: further sources and DHCP options.</summary>
internal static partial class PortExtras
{
    private const int MostPairs = 10;
    private const int MostOptions = 32;

    public static string AllowedPairs(Input input, string current, string mac)
    {
        if (!input.Has("allowed_address_pairs"))
        {
            return current;
        }

        var list = input.OptionalObjects("allowed_address_pairs") ?? [];
        if (list.Count > MostPairs)
        {
            throw Fault.BadRequest($"The number of allowed address pair exceeds the maximum {MostPairs}.", "AllowedAddressPairExhausted");
        }

        var pairs = list.Select(item =>
        {
            var (address, sender) = (item.String("ip_address", 1, 64), item.OptionalString("mac_address"));
            item.Done();
            var cidr = Cidr.Parse(address) ?? throw input.Refuse("allowed_address_pairs", address, $"'{address}' is not a valid IP subnet");
            var own = sender is null ? mac : Mac.Parse(sender) ?? throw input.Refuse("allowed_address_pairs", sender, $"'{sender}' is not a valid MAC address");
            return new AddressPair(address.Contains('/', StringComparison.Ordinal) ? cidr.ToString() : cidr.First.ToString(), own);
        }).ToArray();
        var twice = pairs.GroupBy(p => p).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? NetworkJson.Of(pairs)
            : throw Fault.BadRequest(
                $"Request contains duplicate address pair: mac_address {twice.Key.MacAddress} ip_address {twice.Key.IpAddress}.", "DuplicateAddressPairInRequest");
    }

    /// <summary>Pairs that name no sender are meant for the port's own Ethernet address, which a new port gets late.</summary>
    public static string WithOwnMac(string pairs, string mac) => pairs == "[]"
        ? pairs
        : NetworkJson.Of([.. NetworkJson.AddressPairs(pairs).Select(p => p.MacAddress.Length == 0 ? p with { MacAddress = mac } : p)]);

    /// <summary>Adds and replaces by name and IP version; a null value takes one away.</summary>
    public static string DhcpOptions(Input input, string current)
    {
        if (input.OptionalObjects("extra_dhcp_opts") is not { } list)
        {
            return current;
        }

        var options = NetworkJson.DhcpOptions(current).ToDictionary(o => (o.OptName, o.IpVersion));
        foreach (var item in list)
        {
            var name = item.String("opt_name", 1, 64);
            var version = (int)(item.OptionalInteger("ip_version", 0, 6) ?? 4);
            var value = item.OptionalString("opt_value");
            item.Done();
            if (!OptionName().IsMatch(name) || version is not (4 or 6) || value?.Any(char.IsControl) == true)
            {
                throw input.Refuse("extra_dhcp_opts", name, $"'{name}' is not a valid DHCP option");
            }

            if (value is null)
            {
                options.Remove((name, version));
            }
            else
            {
                options[(name, version)] = new DhcpOption(name, value, version);
            }
        }

        return options.Count <= MostOptions
            ? NetworkJson.Of([.. options.Values])
            : throw input.Refuse("extra_dhcp_opts", "", $"a port has at most {MostOptions} options");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex OptionName();
}
