namespace Ciel.Services.Network;

/// <summary>Subnets as the API shows them (Networking API v2.0, "Subnets").</summary>
internal static class SubnetView
{
    public static View<Subnet> View { get; } = new("subnet", "subnets",
    [
        Field.Text<Subnet>("id", s => s.Id, "s.id"),
        Field.Text<Subnet>("name", s => s.Name, "s.name"),
        Field.Text<Subnet>("tenant_id", s => s.ProjectId, "s.project_id"),
        Field.Text<Subnet>("network_id", s => s.NetworkId, "s.network_id"),
        Field.Number<Subnet>("ip_version", s => s.IpVersion, "s.ip_version"),
        Field.Text<Subnet>("subnetpool_id", s => s.SubnetpoolId, "COALESCE(s.subnetpool_id, '')"),
        Field.Flag<Subnet>("enable_dhcp", s => s.EnableDhcp, "s.enable_dhcp"),
        Field.Text<Subnet>("ipv6_ra_mode", s => s.Ipv6RaMode, "COALESCE(s.ipv6_ra_mode, '')"),
        Field.Text<Subnet>("ipv6_address_mode", s => s.Ipv6AddressMode, "COALESCE(s.ipv6_address_mode, '')"),
        Field.Text<Subnet>("gateway_ip", s => s.GatewayIp, "COALESCE(s.gateway_ip, '')"),
        Field.Text<Subnet>("cidr", s => s.Cidr, "s.cidr"),
        Field.Json<Subnet>("allocation_pools", s => s.AllocationPools),
        Field.Json<Subnet>("host_routes", s => s.HostRoutes),
        Field.Json<Subnet>("dns_nameservers", s => s.DnsNameservers),
        Field.Text<Subnet>("description", s => s.Description, "s.description"),
        Field.Json<Subnet>("service_types", s => s.ServiceTypes),
        .. Field.Common<Subnet>("s"),
    ]);
}
