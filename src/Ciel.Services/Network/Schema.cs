using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The tables of the network service.</summary>
internal static class Schema
{
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("network", 1, [.. Links, .. Routing, .. Groups, .. Sharing, .. Nodes]),
        new("network", 2, Names),
    ];

    private static string[] Names =>
    [
        "ALTER TABLE network_network ADD COLUMN dns_domain text NOT NULL DEFAULT ''",
        "ALTER TABLE network_port ADD COLUMN dns_name text NOT NULL DEFAULT ''",
        "ALTER TABLE network_floating_ip ADD COLUMN dns_name text NOT NULL DEFAULT ''",
        "ALTER TABLE network_floating_ip ADD COLUMN dns_domain text NOT NULL DEFAULT ''",
    ];

    private static string[] Links =>
    [
        Of("network_network", """
            admin_state_up bigint NOT NULL,
            external bigint NOT NULL,
            is_default bigint NOT NULL,
            mtu bigint NOT NULL,
            port_security bigint NOT NULL,
            network_type text NOT NULL,
            physical_network text,
            segmentation_id bigint,
            zone_hints text NOT NULL,
            generation bigint NOT NULL
            """),
        "CREATE INDEX network_network_project ON network_network (project_id)",
        "CREATE UNIQUE INDEX network_network_segment ON network_network (network_type, segmentation_id) WHERE segmentation_id IS NOT NULL",
        Of("network_subnet", """
            network_id text NOT NULL,
            ip_version bigint NOT NULL,
            cidr text NOT NULL,
            gateway_ip text,
            enable_dhcp bigint NOT NULL,
            ipv6_address_mode text,
            ipv6_ra_mode text,
            allocation_pools text NOT NULL,
            dns_nameservers text NOT NULL,
            host_routes text NOT NULL,
            service_types text NOT NULL,
            subnetpool_id text
            """),
        "CREATE INDEX network_subnet_network ON network_subnet (network_id)",
        "CREATE INDEX network_subnet_pool ON network_subnet (subnetpool_id)",
        Of("network_port", """
            network_id text NOT NULL,
            mac_address text NOT NULL,
            admin_state_up bigint NOT NULL,
            device_id text NOT NULL,
            device_owner text NOT NULL,
            port_security bigint NOT NULL,
            vnic_type text NOT NULL,
            profile text NOT NULL,
            host text NOT NULL,
            guest_name text NOT NULL,
            made_for_device bigint NOT NULL,
            device_tag text,
            attached_at bigint NOT NULL,
            allowed_pairs text NOT NULL,
            dhcp_options text NOT NULL,
            generation bigint NOT NULL,
            wired bigint NOT NULL
            """),
        "CREATE UNIQUE INDEX network_port_mac ON network_port (network_id, mac_address)",
        "CREATE INDEX network_port_device ON network_port (device_id)",
        "CREATE INDEX network_port_project ON network_port (project_id)",
        """
        CREATE TABLE network_address (
            subnet_id text NOT NULL,
            address text NOT NULL,
            port_id text NOT NULL,
            network_id text NOT NULL,
            position bigint NOT NULL,
            PRIMARY KEY (subnet_id, address))
        """,
        "CREATE INDEX network_address_port ON network_address (port_id)",
        "CREATE INDEX network_address_network ON network_address (network_id)",
    ];

    private static string[] Routing =>
    [
        Of("network_router", """
            admin_state_up bigint NOT NULL,
            enable_snat bigint NOT NULL,
            gateway_port_id text,
            routes text NOT NULL,
            zone_hints text NOT NULL,
            generation bigint NOT NULL
            """),
        "CREATE INDEX network_router_project ON network_router (project_id)",
        Of("network_floating_ip", """
            network_id text NOT NULL,
            address text NOT NULL,
            own_port_id text NOT NULL,
            port_id text,
            fixed_address text,
            router_id text,
            active bigint NOT NULL
            """),
        "CREATE INDEX network_floating_ip_project ON network_floating_ip (project_id)",
        "CREATE UNIQUE INDEX network_floating_ip_fixed ON network_floating_ip (port_id, fixed_address, network_id) WHERE port_id IS NOT NULL",
        "CREATE INDEX network_floating_ip_router ON network_floating_ip (router_id)",
        "CREATE INDEX network_floating_ip_network ON network_floating_ip (network_id)",
    ];

    private static string[] Groups =>
    [
        Of("network_group", "is_default bigint NOT NULL, stateful bigint NOT NULL"),
        "CREATE INDEX network_group_project ON network_group (project_id)",
        "CREATE UNIQUE INDEX network_group_default ON network_group (project_id) WHERE is_default = 1",
        Of("network_group_rule", """
            group_id text NOT NULL,
            direction text NOT NULL,
            ethertype text NOT NULL,
            protocol text,
            port_min bigint,
            port_max bigint,
            remote_cidr text,
            remote_group_id text,
            remote_address_group_id text,
            signature text NOT NULL
            """),
        "CREATE UNIQUE INDEX network_group_rule_signature ON network_group_rule (group_id, signature)",
        "CREATE INDEX network_group_rule_remote ON network_group_rule (remote_group_id)",
        "CREATE TABLE network_port_group (port_id text NOT NULL, group_id text NOT NULL, PRIMARY KEY (port_id, group_id))",
        "CREATE INDEX network_port_group_group ON network_port_group (group_id)",
        Of("network_address_group", "addresses text NOT NULL"),
    ];

    private static string[] Sharing =>
    [
        Of("network_rbac", "object_type text NOT NULL, object_id text NOT NULL, action text NOT NULL, target text NOT NULL"),
        "CREATE UNIQUE INDEX network_rbac_grant ON network_rbac (object_id, action, target)",
        Of("network_address_scope", "ip_version bigint NOT NULL"),
        Of("network_subnetpool", """
            ip_version bigint NOT NULL,
            prefixes text NOT NULL,
            min_prefix bigint NOT NULL,
            max_prefix bigint NOT NULL,
            default_prefix bigint NOT NULL,
            default_quota bigint,
            is_default bigint NOT NULL,
            address_scope_id text
            """),
        "CREATE TABLE network_auto_topology (project_id text NOT NULL PRIMARY KEY, network_id text NOT NULL, router_id text NOT NULL)",
        Of("network_metering_label", "shared bigint NOT NULL"),
        Of("network_metering_rule", """
            label_id text NOT NULL,
            direction text NOT NULL,
            excluded bigint NOT NULL,
            remote_ip_prefix text,
            source_ip_prefix text,
            destination_ip_prefix text
            """),
    ];

    private static string[] Nodes =>
    [
        """
        CREATE TABLE network_part (
            object_id text NOT NULL,
            node text NOT NULL,
            generation bigint NOT NULL,
            ready bigint NOT NULL,
            since bigint NOT NULL,
            pinned bigint NOT NULL,
            PRIMARY KEY (object_id, node))
        """,
    ];

    private static string Of(string table, string columns) => $"CREATE TABLE {table} ({Table.CommonDdl}, {columns})";
}
