using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Tables of compute.</summary>
internal static class Schema
{
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("compute", 1, [.. Flavors, .. Keypairs, .. Servers, .. Actions, .. Groups, .. Hosts]),
        new("compute", 2, [.. Migrated, .. Backups]),
        new("compute", 3, [.. Passwords, .. Attachments]),
        new("compute", 4, ["ALTER TABLE compute_server ADD COLUMN extra_gib bigint NOT NULL DEFAULT 0"]),

        // Servers that their project's suspension has stopped, and that start again when it ends.
        new("compute", 5, ["CREATE TABLE compute_suspended (server_id text NOT NULL PRIMARY KEY, project_id text NOT NULL)"]),
    ];

    private static IEnumerable<string> Passwords =>
    [
        "CREATE TABLE compute_password (server_id text NOT NULL PRIMARY KEY, password text NOT NULL)",
    ];

    private static IEnumerable<string> Attachments => ["ALTER TABLE compute_nic ADD COLUMN state text NOT NULL DEFAULT 'plugged'"];

    private static IEnumerable<string> Migrated =>
    [
        """
        CREATE TABLE compute_migration (
            id bigint NOT NULL PRIMARY KEY,
            uuid text NOT NULL,
            server_id text NOT NULL,
            project_id text NOT NULL,
            user_id text NOT NULL,
            node text,
            status text NOT NULL,
            created_at bigint NOT NULL,
            updated_at bigint NOT NULL)
        """,
        "CREATE INDEX compute_migration_server ON compute_migration (server_id)",
        "INSERT INTO compute_counter (name, value) VALUES ('migration', 0)",
    ];

    private static IEnumerable<string> Backups =>
    [
        "ALTER TABLE compute_snapshot ADD COLUMN backup_type text",
        "ALTER TABLE compute_snapshot ADD COLUMN rotation bigint",
    ];

    private static IEnumerable<string> Flavors =>
    [
        """
        CREATE TABLE compute_flavor (
            id text NOT NULL PRIMARY KEY,
            name text NOT NULL,
            memory_mib bigint NOT NULL,
            vcpus bigint NOT NULL,
            disk_gib bigint NOT NULL,
            ephemeral_gib bigint NOT NULL,
            swap_mib bigint NOT NULL,
            rxtx_factor text NOT NULL,
            is_public bigint NOT NULL,
            disabled bigint NOT NULL,
            description text,
            extra_specs text NOT NULL,
            created_at bigint NOT NULL)
        """,
        "CREATE UNIQUE INDEX compute_flavor_name ON compute_flavor (name)",
        """
        CREATE TABLE compute_flavor_access (
            flavor_id text NOT NULL,
            project_id text NOT NULL,
            PRIMARY KEY (flavor_id, project_id))
        """,
        .. FirstFlavors,
    ];

    private static IEnumerable<string> FirstFlavors => new (string Id, string Name, int Memory, int Vcpus, int Disk)[]
    {
        ("42", "m1.nano", 128, 1, 1), ("84", "m1.micro", 192, 1, 1), ("1", "m1.tiny", 512, 1, 1), ("2", "m1.small", 2048, 1, 20),
        ("3", "m1.medium", 4096, 2, 40), ("4", "m1.large", 8192, 4, 80), ("5", "m1.xlarge", 16384, 8, 160),
    }.Select(f =>
        $"""
        INSERT INTO compute_flavor (id, name, memory_mib, vcpus, disk_gib, ephemeral_gib, swap_mib, rxtx_factor, is_public, disabled, extra_specs, created_at)
        VALUES ('{f.Id}', '{f.Name}', {f.Memory}, {f.Vcpus}, {f.Disk}, 0, 0, '1', 1, 0, '{"{}"}', 0)
        """);

    private static IEnumerable<string> Keypairs =>
    [
        """
        CREATE TABLE compute_keypair (
            id text NOT NULL PRIMARY KEY,
            user_id text NOT NULL,
            name text NOT NULL,
            type text NOT NULL,
            public_key text NOT NULL,
            fingerprint text NOT NULL,
            created_at bigint NOT NULL)
        """,
        "CREATE UNIQUE INDEX compute_keypair_name ON compute_keypair (user_id, name)",
    ];

    private static IEnumerable<string> Servers =>
    [
        """
        CREATE TABLE compute_server (
            id text NOT NULL PRIMARY KEY,
            project_id text NOT NULL,
            user_id text NOT NULL,
            name text NOT NULL,
            host_name text NOT NULL,
            description text,
            image_id text NOT NULL,
            base_sha512 text NOT NULL,
            base_size bigint NOT NULL,
            base_format text NOT NULL,
            flavor_id text NOT NULL,
            flavor_copy text NOT NULL,
            other_flavor_id text,
            other_flavor_copy text,
            vcpus bigint NOT NULL,
            memory_mib bigint NOT NULL,
            disk_gib bigint NOT NULL,
            key_name text,
            public_key text,
            user_data text,
            metadata text NOT NULL,
            tags text NOT NULL,
            disk_config text NOT NULL,
            zone text NOT NULL,
            wanted_host text,
            hints text NOT NULL,
            group_id text,
            access_ip_v4 text NOT NULL,
            access_ip_v6 text NOT NULL,
            reservation_id text NOT NULL,
            launch_index bigint NOT NULL,
            node text,
            vm_state text NOT NULL,
            task_state text,
            power_state bigint NOT NULL,
            desired_on bigint NOT NULL,
            boots bigint NOT NULL,
            graceful bigint NOT NULL,
            deleting bigint NOT NULL,
            generation bigint NOT NULL,
            machine_type text NOT NULL,
            cpu_model text NOT NULL,
            locked_by text,
            locked_reason text,
            fault_code bigint,
            fault_message text,
            fault_details text,
            fault_at bigint,
            launched_at bigint,
            terminated_at bigint,
            created_at bigint NOT NULL,
            updated_at bigint NOT NULL,
            deleted_at bigint)
        """,
        "CREATE INDEX compute_server_project ON compute_server (project_id, created_at)",
        "CREATE INDEX compute_server_node ON compute_server (node)",
        "CREATE INDEX compute_server_group_members ON compute_server (group_id)",
        """
        CREATE TABLE compute_nic (
            port_id text NOT NULL PRIMARY KEY,
            server_id text NOT NULL,
            slot bigint NOT NULL,
            owned bigint NOT NULL)
        """,
        "CREATE INDEX compute_nic_server ON compute_nic (server_id, slot)",
        """
        CREATE TABLE compute_snapshot (
            image_id text NOT NULL PRIMARY KEY,
            server_id text NOT NULL,
            node text NOT NULL,
            generation bigint NOT NULL)
        """,
        "CREATE INDEX compute_snapshot_server ON compute_snapshot (server_id)",
    ];

    private static IEnumerable<string> Actions =>
    [
        """
        CREATE TABLE compute_action (
            id text NOT NULL PRIMARY KEY,
            server_id text NOT NULL,
            request_id text NOT NULL,
            verb text NOT NULL,
            event text NOT NULL,
            user_id text NOT NULL,
            project_id text NOT NULL,
            message text,
            result text,
            host text,
            started_at bigint NOT NULL,
            finished_at bigint,
            updated_at bigint NOT NULL)
        """,
        "CREATE INDEX compute_action_server ON compute_action (server_id, started_at)",
    ];

    private static IEnumerable<string> Groups =>
    [
        """
        CREATE TABLE compute_server_group (
            id text NOT NULL PRIMARY KEY,
            project_id text NOT NULL,
            user_id text NOT NULL,
            name text NOT NULL,
            policy text NOT NULL,
            max_per_host bigint,
            created_at bigint NOT NULL)
        """,
        "CREATE INDEX compute_server_group_project ON compute_server_group (project_id)",
    ];

    private static IEnumerable<string> Hosts =>
    [
        """
        CREATE TABLE compute_aggregate (
            id bigint NOT NULL PRIMARY KEY,
            uuid text NOT NULL,
            name text NOT NULL,
            metadata text NOT NULL,
            created_at bigint NOT NULL,
            updated_at bigint)
        """,
        "CREATE UNIQUE INDEX compute_aggregate_name ON compute_aggregate (name)",
        """
        CREATE TABLE compute_aggregate_host (
            aggregate_id bigint NOT NULL,
            host text NOT NULL,
            PRIMARY KEY (aggregate_id, host))
        """,
        """
        CREATE TABLE compute_counter (
            name text NOT NULL PRIMARY KEY,
            value bigint NOT NULL)
        """,
        "INSERT INTO compute_counter (name, value) VALUES ('aggregate', 0)",
        """
        CREATE TABLE compute_host_setting (
            host text NOT NULL PRIMARY KEY,
            disabled bigint NOT NULL,
            disabled_reason text,
            forced_down bigint NOT NULL,
            updated_at bigint NOT NULL)
        """,
    ];
}
