namespace Ciel.Services.Network;

/// <summary>One extension of the API.</summary>
internal sealed record Extension(string Alias, string Name, string Updated, string Description);

/// <summary>The extensions that this service really has. Clients decide by them what they may ask for: list nothing that does not work.</summary>
internal static class Extensions
{
    public static IReadOnlyList<Extension> All { get; } =
    [
        new("address-group", "Address group", "2020-07-15T10:00:00-00:00", "Named lists of ranges for security group rules"),
        new("address-scope", "Address scope", "2015-07-26T10:00:00-00:00", "Sets of subnet pools without overlap"),
        new("agent", "agent", "2013-02-03T10:00:00-00:00", "Shows the agents on the nodes"),
        new("allowed-address-pairs", "Allowed Address Pairs", "2013-07-23T10:00:00-00:00", "Further sources that a port may use"),
        new("auto-allocated-topology", "Auto Allocated Topology Services.", "2016-01-01T00:00:00-00:00", "Makes a network with a router for a project that has none"),
        new("availability_zone", "Availability Zone", "2015-01-01T10:00:00-00:00", "Availability zones"),
        new("binding", "Port Binding", "2014-02-03T10:00:00-00:00", "Shows where a port is bound"),
        new("default-subnetpools", "Default Subnetpools", "2016-02-18T18:00:00-00:00", "A subnet pool that is used unless another is named"),
        new("dhcp_agent_scheduler", "DHCP Agent Scheduler", "2013-02-07T10:00:00-00:00", "Shows which nodes serve DHCP for a network"),
        new("dns-integration", "DNS Integration", "2015-08-15T18:00:00-00:00", "Names of ports, told to guests and answered by the network's name server"),
        new("empty-string-filtering", "Empty String Filtering Extension", "2018-05-01T10:00:00-00:00", "Filters by empty values"),
        new("ext-gw-mode", "Neutron L3 Configurable external gateway mode", "2013-03-28T10:00:00-00:00", "Source NAT on or off per router"),
        new("external-net", "Neutron external network", "2013-01-14T10:00:00-00:00", "Marks networks as external"),
        new("extra_dhcp_opt", "Neutron Extra DHCP options", "2013-03-17T12:00:00-00:00", "DHCP options per port"),
        new("extraroute", "Neutron Extra Route", "2013-02-01T10:00:00-00:00", "Static routes of routers"),
        new("extraroute-atomic", "Atomically add/remove extra routes", "2019-07-10T00:00:00+00:00", "Adds and removes single static routes"),
        new("filter-validation", "Filter parameters validation", "2018-07-04T10:00:00-00:00", "Refuses filters that are no attributes"),
        new("fip-port-details", "Floating IP Port Details Extension", "2018-04-09T10:00:00-00:00", "Shows the port behind a floating IP"),
        new("ip-substring-filtering", "IP address substring filtering", "2017-11-28T09:00:00-00:00", "Filters ports by part of an address"),
        new("metering", "Neutron Metering", "2013-06-12T10:00:00-00:00", "Labels and rules for traffic"),
        new("metering_source_and_destination_fields", "Neutron Metering with source and destination filtering", "2020-08-21T08:12:00-00:00", "Rules by source and destination"),
        new("net-mtu", "Network MTU", "2015-03-25T10:00:00-00:00", "Shows the MTU of networks"),
        new("net-mtu-writable", "Network MTU (writable)", "2017-07-12T00:00:00-00:00", "Sets the MTU of networks"),
        new("network-ip-availability", "Network IP Availability", "2015-09-24T00:00:00-00:00", "Counts used and free addresses"),
        new("network_availability_zone", "Network Availability Zone", "2015-01-01T10:00:00-00:00", "Availability zones of networks"),
        new("pagination", "Pagination support", "2016-06-12T00:00:00-00:00", "Lists come in pages"),
        new("port-security", "Port Security", "2012-07-23T10:00:00-00:00", "Anti-spoofing and filters per port"),
        new("port-security-groups-filtering", "Port filtering on security groups", "2018-01-09T09:00:00-00:00", "Filters ports by security group"),
        new("project-id", "project_id field enabled", "2016-09-09T09:09:09-09:09", "Shows owners as project_id"),
        new("provider", "Provider Network", "2012-09-07T10:00:00-00:00", "Shows segments of networks"),
        new("quota_details", "Quota details management support", "2017-02-10T10:00:00-00:00", "Shows use beside quota"),
        new("quotas", "Quota management support", "2012-07-29T10:00:00-00:00", "Quotas per project"),
        new("rbac-address-group", "Add address_group type to RBAC", "2021-01-20T00:00:00-00:00", "Shares address groups"),
        new("rbac-address-scope", "Add address_scope type to RBAC", "2020-02-12T00:00:00-00:00", "Shares address scopes"),
        new("rbac-policies", "RBAC Policies", "2015-06-17T12:15:12-00:00", "Shares networks with single projects"),
        new("rbac-security-groups", "Add security_group type to network RBAC", "2019-02-14T00:00:00-00:00", "Shares security groups"),
        new("rbac-subnetpool", "Add subnetpool type to RBAC", "2020-02-05T00:00:00-00:00", "Shares subnet pools"),
        new("revision-if-match", "If-Match constraints based on revision_number", "2016-12-11T00:00:00-00:00", "Changes only what nobody changed meanwhile"),
        new("router", "Neutron L3 Router", "2012-07-20T10:00:00-00:00", "Routers and floating IPs"),
        new("router_availability_zone", "Router Availability Zone", "2015-01-01T10:00:00-00:00", "Availability zones of routers"),
        new("security-group", "security-group", "2012-10-05T10:00:00-00:00", "Security groups"),
        new("security-groups-normalized-cidr", "Normalized CIDR field for security group rules", "2020-07-28T10:00:00-00:00", "Shows ranges in canonical form"),
        new("security-groups-remote-address-group", "Remote address group id field for security group rules", "2020-08-25T10:00:00-00:00", "Rules name address groups"),
        new("security-groups-shared-filtering", "Security group filtering on the shared field", "2021-10-05T09:00:00-00:00", "Filters security groups by sharing"),
        new("service-type", "Neutron Service Type Management", "2013-01-20T00:00:00-00:00", "Lists service providers"),
        new("sorting", "Sorting support", "2016-06-12T00:00:00-00:00", "Lists are sorted"),
        new("standard-attr-description", "standard-attr-description", "2016-02-10T10:00:00-00:00", "Descriptions"),
        new("standard-attr-revisions", "Resource revision numbers", "2016-04-11T10:00:00-00:00", "Counts changes"),
        new("standard-attr-tag", "Tag support for resources with standard attribute: port, subnet, subnetpool, network, security_group, router, floatingip", "2017-01-01T00:00:00-00:00", "Tags"),
        new("standard-attr-timestamp", "Resource timestamps", "2016-09-12T10:00:00-00:00", "Times of creation and change"),
        new("subnet-service-types", "Subnet service types", "2016-03-15T18:00:00-00:00", "Subnets for certain kinds of ports"),
        new("subnet_allocation", "Subnet Allocation", "2015-03-30T10:00:00-00:00", "Subnets from subnet pools"),
    ];
}
