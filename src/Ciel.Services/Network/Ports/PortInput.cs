using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Network;

/// <summary>Reads the attributes of a port from a request and checks each by itself.</summary>
internal static class PortInput
{
    private const int MostAddresses = 5;

    /// <summary>What may be given to a new port and changed later.</summary>
    public static PortRequest Read(Input input, Actor actor, Network network, Port port, string action)
    {
        var ownsNetwork = actor.IsAdmin || network.ProjectId == actor.ProjectId;
        var request = new PortRequest(input.Common(port) with
        {
            AdminStateUp = input.Flag("admin_state_up", port.AdminStateUp),
            DeviceId = input.Text("device_id", port.DeviceId),
            DeviceOwner = DeviceOwner(input, actor, port, action),
            PortSecurity = PortSecurity(input, ownsNetwork, port, action),
            Host = input.HasForAdmin("binding:host_id", actor, action) ? input.OptionalString("binding:host_id") ?? "" : port.Host,
            VnicType = input.OptionalChoice("binding:vnic_type", "normal") ?? port.VnicType,
            Profile = Profile(input, actor, port, action),
            DnsName = DnsNames.Name(input, port.DnsName),
            DhcpOptions = PortExtras.DhcpOptions(input, port.DhcpOptions),
        })
        {
            Addresses = Addresses(input, ownsNetwork, action),
            Groups = input.IsNull("security_groups") ? [] : input.OptionalStrings("security_groups")?.Distinct().ToArray(),
            MacAddress = MacAddress(input, ownsNetwork, action),
        };
        return request with
        {
            Row = request.Row with
            {
                AllowedPairs = AllowedPairs(input, ownsNetwork, port, request.MacAddress ?? port.MacAddress, action),
            },
        };
    }

    // On a network that others share, a pair would let its port speak for their machines and for the gateway.
    private static string AllowedPairs(Input input, bool ownsNetwork, Port port, string mac, string action)
    {
        var pairs = PortExtras.AllowedPairs(input, port.AllowedPairs, mac);
        return ownsNetwork || pairs == port.AllowedPairs || NetworkJson.AddressPairs(pairs).Count == 0 ? pairs : throw Inputs.NotAllowed(action + ":allowed_address_pairs");
    }

    private static string DeviceOwner(Input input, Actor actor, Port port, string action)
    {
        var owner = input.Text("device_owner", port.DeviceOwner);
        return owner != port.DeviceOwner && !actor.IsAdmin && owner.StartsWith("network:", StringComparison.Ordinal)
            ? throw Inputs.NotAllowed(action + ":device_owner")
            : owner;
    }

    private static bool PortSecurity(Input input, bool ownsNetwork, Port port, string action)
    {
        var wanted = input.Flag("port_security_enabled", port.PortSecurity);
        return wanted == port.PortSecurity || ownsNetwork ? wanted : throw Inputs.NotAllowed(action + ":port_security_enabled");
    }

    private static string Profile(Input input, Actor actor, Port port, string action)
    {
        if (!input.HasForAdmin("binding:profile", actor, action))
        {
            return port.Profile;
        }

        var profile = input.OptionalObject("binding:profile")?.Json.GetRawText() ?? "{}";
        return profile.Length <= 4095 ? profile : throw input.Refuse("binding:profile", "", "it is longer than 4095 characters");
    }

    private static string? MacAddress(Input input, bool ownsNetwork, string action)
    {
        if (input.NotNull("mac_address").OptionalString("mac_address") is not { } text)
        {
            return null;
        }

        var mac = Mac.Parse(text) ?? throw input.Refuse("mac_address", text, $"'{text}' is not a valid MAC address");
        return ownsNetwork ? mac : throw Inputs.NotAllowed(action + ":mac_address");
    }

    /// <summary>The list <c>fixed_ips</c> (or <c>external_fixed_ips</c> of a router); null where it is missing.</summary>
    public static IReadOnlyList<AddressRequest>? Addresses(Input input, bool ownsNetwork, string action, string name = "fixed_ips")
    {
        if (!input.Has(name))
        {
            return null;
        }

        if (input.Raw(name) is { ValueKind: JsonValueKind.Null })
        {
            return [];
        }

        var list = input.OptionalObjects(name)!;
        if (list.Count > MostAddresses)
        {
            throw Faults.InvalidInput("Exceeded maximum amount of fixed ips per port.");
        }

        return [.. list.Select(item =>
        {
            var (subnet, address) = (item.OptionalString("subnet_id"), item.OptionalString("ip_address"));
            item.Done();
            if (subnet is null && address is null)
            {
                throw Faults.InvalidInput("IP allocation requires subnet_id or ip_address.");
            }

            var ip = address is null ? (Ip?)null : Ip.Parse(address) ?? throw input.Refuse(name, address, $"'{address}' is not a valid IP address");
            return ip is null || ownsNetwork ? new AddressRequest(subnet, ip) : throw Inputs.NotAllowed($"{action}:{name}:ip_address");
        })];
    }
}
