using System.Text.Json;

namespace Ciel.Services.Network;

/// <summary>Floating IP addresses as the API shows them (Networking API v2.0, "Floating IPs").</summary>
internal static class FloatingIpView
{
    public static View<FloatingIp> View { get; } = new("floatingip", "floatingips",
    [
        Field.Text<FloatingIp>("id", f => f.Id, "f.id"),
        Field.Text<FloatingIp>("tenant_id", f => f.ProjectId, "f.project_id"),
        Field.Text<FloatingIp>("floating_ip_address", f => f.Address, "f.address"),
        Field.Text<FloatingIp>("floating_network_id", f => f.NetworkId, "f.network_id"),
        Field.Text<FloatingIp>("router_id", f => f.RouterId, "COALESCE(f.router_id, '')"),
        Field.Text<FloatingIp>("port_id", f => f.PortId, "COALESCE(f.port_id, '')"),
        Field.Text<FloatingIp>("fixed_ip_address", f => f.FixedAddress, "COALESCE(f.fixed_address, '')"),
        Field.Text<FloatingIp>("status", f => f.Status, "CASE WHEN f.active = 1 THEN 'ACTIVE' ELSE 'DOWN' END"),
        Field.Text<FloatingIp>("description", f => f.Description, "f.description"),
        Field.Text<FloatingIp>("dns_name", f => f.DnsName, "f.dns_name"),
        Field.Text<FloatingIp>("dns_domain", f => f.DnsDomain, "f.dns_domain"),
        new Field<FloatingIp>("port_details", WriteDetails),
        .. Field.Common<FloatingIp>("f"),
    ]);

    private static void WriteDetails(Utf8JsonWriter json, FloatingIp floating)
    {
        if (floating.Port is not { } port)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("name", port.Name);
        json.WriteString("network_id", port.NetworkId);
        json.WriteString("mac_address", port.MacAddress);
        json.WriteBoolean("admin_state_up", port.AdminStateUp);
        json.WriteString("status", port.Status);
        json.WriteString("device_id", port.DeviceId);
        json.WriteString("device_owner", port.DeviceOwner);
        json.WriteEndObject();
    }
}
