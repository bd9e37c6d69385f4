using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Ports as the API shows them (Networking API v2.0, "Ports").</summary>
internal static class PortView
{
    private const string Status = """
        CASE WHEN p.device_owner = 'network:floatingip' THEN 'N/A'
            WHEN p.admin_state_up = 0 OR (p.host = '' AND substr(p.device_owner, 1, 8) <> 'network:') THEN 'DOWN'
            WHEN p.wired >= p.generation THEN 'ACTIVE'
            WHEN substr(p.device_owner, 1, 8) = 'network:' THEN 'DOWN' ELSE 'BUILD' END
        """;

    public static View<Port> View { get; } = new("port", "ports",
    [
        Field.Text<Port>("id", p => p.Id, "p.id"),
        Field.Text<Port>("name", p => p.Name, "p.name"),
        Field.Text<Port>("network_id", p => p.NetworkId, "p.network_id"),
        Field.Text<Port>("tenant_id", p => p.ProjectId, "p.project_id"),
        Field.Text<Port>("mac_address", p => p.MacAddress, "p.mac_address"),
        Field.Flag<Port>("admin_state_up", p => p.AdminStateUp, "p.admin_state_up"),
        Field.Text<Port>("status", p => p.Status, Status),
        Field.Text<Port>("device_id", p => p.DeviceId, "p.device_id"),
        Field.Text<Port>("device_owner", p => p.DeviceOwner, "p.device_owner"),
        new Field<Port>("fixed_ips", WriteAddresses) { Filter = ByAddress },
        Field.Json<Port>("allowed_address_pairs", p => p.AllowedPairs),
        new Field<Port>("extra_dhcp_opts", WriteDhcpOptions),
        Field.List<Port>("security_groups", p => p.Groups, ByGroup),
        Field.Text<Port>("dns_name", p => p.HostName, "CASE WHEN p.dns_name <> '' THEN p.dns_name ELSE p.guest_name END"),
        new Field<Port>("dns_assignment", WriteNames),
        Field.Text<Port>("description", p => p.Description, "p.description"),
        Field.Text<Port>("binding:vnic_type", p => p.VnicType, "p.vnic_type"),
        Field.Json<Port>("binding:profile", p => p.Profile) with { Admin = true },
        Field.Text<Port>("binding:host_id", p => p.Host, "p.host") with { Admin = true },
        Field.Text<Port>("binding:vif_type", p => p.Host.Length > 0 ? "tap" : "unbound") with { Admin = true },
        Field.Json<Port>("binding:vif_details", p => p.Host.Length > 0 ? """{"port_filter": true}""" : "{}") with { Admin = true },
        Field.Flag<Port>("port_security_enabled", p => p.PortSecurity, "p.port_security"),
        .. Field.Common<Port>("p"),
    ]);

    private static void WriteAddresses(Utf8JsonWriter json, Port port)
    {
        json.WriteStartArray();
        foreach (var address in port.Addresses)
        {
            json.WriteStartObject();
            json.WriteString("subnet_id", address.SubnetId);
            json.WriteString("ip_address", address.Address);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter json, Port port)
    {
        json.WriteStartArray();
        foreach (var address in port.Addresses)
        {
            var name = port.HostName.Length > 0 ? port.HostName : DnsNames.Of(address.Address);
            json.WriteStartObject();
            json.WriteString("ip_address", address.Address);
            json.WriteString("hostname", name);
            json.WriteString("fqdn", $"{name}.{DnsNames.OwnDomain}.");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDhcpOptions(Utf8JsonWriter json, Port port) => json.WriteRawValue(port.DhcpOptions, skipInputValidation: true);

    // fixed_ips=ip_address=10.0.0.3, =subnet_id=…, =ip_address_substr=10.0: of each kind any may match, of all kinds one each.
    private static void ByAddress(ListQuery query, Dialect dialect, IReadOnlyList<string> values)
    {
        foreach (var kind in values.Select(v => v.Split('=', 2)).Where(p => p.Length == 2).GroupBy(p => p[0]))
        {
            var tests = kind.Select(p => kind.Key switch
            {
                "ip_address" => $"a.address = {query.Add(Ip.Parse(p[1])?.ToString() ?? p[1])}",
                "subnet_id" => $"a.subnet_id = {query.Add(p[1])}",
                "ip_address_substr" => dialect.Contains("a.address", query.Add(p[1])),
                _ => "1 = 0",
            }).ToArray();
            query.Where($"EXISTS (SELECT 1 FROM network_address a WHERE a.port_id = p.id AND ({string.Join(" OR ", tests)}))");
        }
    }

    private static void ByGroup(ListQuery query, Dialect dialect, IReadOnlyList<string> values) =>
        query.Where($"EXISTS (SELECT 1 FROM network_port_group g WHERE g.port_id = p.id AND g.group_id IN ({string.Join(", ", values.Select(v => query.Add(v)))}))");
}
