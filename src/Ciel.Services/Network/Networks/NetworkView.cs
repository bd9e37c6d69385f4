using Ciel.Core.Http;

namespace Ciel.Services.Network;

/// <summary>Networks as the API shows them (Networking API v2.0, "Networks").</summary>
internal static class NetworkView
{
    public const string Zone = "nova";

    public static View<Network> View { get; } = new("network", "networks",
    [
        Field.Text<Network>("id", n => n.Id, "n.id"),
        Field.Text<Network>("name", n => n.Name, "n.name"),
        Field.Text<Network>("tenant_id", n => n.ProjectId, "n.project_id"),
        Field.Flag<Network>("admin_state_up", n => n.AdminStateUp, "n.admin_state_up"),
        Field.Number<Network>("mtu", n => n.Mtu, "n.mtu"),
        Field.Text<Network>("status", n => n.AdminStateUp ? "ACTIVE" : "DOWN", "CASE WHEN n.admin_state_up = 1 THEN 'ACTIVE' ELSE 'DOWN' END"),
        Field.List<Network>("subnets", n => n.Subnets),
        Field.Flag<Network>("shared", n => n.Shared) with { Column = new Column(Sharing.Column("n.id"), ColumnType.Boolean) },
        Field.Json<Network>("availability_zone_hints", n => n.ZoneHints),
        Field.List<Network>("availability_zones", n => n.Carried ? [Zone] : []),
        Field.Text<Network>("ipv4_address_scope", n => n.Ipv4AddressScope),
        Field.Text<Network>("ipv6_address_scope", n => n.Ipv6AddressScope),
        Field.Flag<Network>("router:external", n => n.External, "n.external"),
        Field.Text<Network>("description", n => n.Description, "n.description"),
        Field.Flag<Network>("port_security_enabled", n => n.PortSecurity, "n.port_security"),
        Field.Text<Network>("dns_domain", n => n.DnsDomain, "n.dns_domain"),
        Field.Flag<Network>("is_default", n => n.IsDefault, "n.is_default"),
        .. Field.Common<Network>("n"),
        Field.Text<Network>("provider:network_type", n => n.NetworkType, "n.network_type") with { Admin = true },
        Field.Text<Network>("provider:physical_network", n => n.PhysicalNetwork, "COALESCE(n.physical_network, '')") with { Admin = true },
        Field.Number<Network>("provider:segmentation_id", n => n.SegmentationId, "COALESCE(n.segmentation_id, -1)") with { Admin = true },
    ]);
}
