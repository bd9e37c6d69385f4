using Ciel.Core.Store;

namespace Ciel.Services.Identity;

/// <summary>Tables of identity. A domain is a project row with is_domain, as in Keystone; the domain_id of such a row is empty.</summary>
internal static class Schema
{
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new("identity", 1, [.. Owners, .. Roles, .. Catalog, .. Delegation, .. Extensions]),
        new("identity", 2, Limits),

        // Why a project is suspended; null while it is not.
        new("identity", 3, ["ALTER TABLE identity_project ADD COLUMN suspended text"]),
    ];

    private static string[] Limits =>
    [
        """
        CREATE TABLE identity_registered_limit (
            id text NOT NULL PRIMARY KEY, service_id text NOT NULL, region_id text NOT NULL, resource_name text NOT NULL,
            default_limit bigint NOT NULL, description text)
        """,
        "CREATE UNIQUE INDEX identity_registered_limit_resource ON identity_registered_limit (service_id, region_id, resource_name)",
        """
        CREATE TABLE identity_limit (
            id text NOT NULL PRIMARY KEY, project_id text NOT NULL, domain_id text NOT NULL, service_id text NOT NULL, region_id text NOT NULL,
            resource_name text NOT NULL, resource_limit bigint NOT NULL, description text)
        """,
        "CREATE UNIQUE INDEX identity_limit_resource ON identity_limit (project_id, domain_id, service_id, region_id, resource_name)",
    ];

    private static string[] Owners =>
    [
        """
        CREATE TABLE identity_project (
            id text NOT NULL PRIMARY KEY, name text NOT NULL, domain_id text NOT NULL, parent_id text, is_domain bigint NOT NULL,
            description text NOT NULL, enabled bigint NOT NULL, options text NOT NULL, extra text NOT NULL,
            tokens_from bigint NOT NULL, created_at bigint NOT NULL)
        """,
        "CREATE UNIQUE INDEX identity_project_name ON identity_project (domain_id, name)",
        "CREATE INDEX identity_project_parent ON identity_project (parent_id)",
        "CREATE TABLE identity_project_tag (project_id text NOT NULL, name text NOT NULL, PRIMARY KEY (project_id, name))",
        """
        CREATE TABLE identity_user (
            id text NOT NULL PRIMARY KEY, name text NOT NULL, domain_id text NOT NULL, password_hash text, enabled bigint NOT NULL,
            default_project_id text, options text NOT NULL, extra text NOT NULL, tokens_from bigint NOT NULL, created_at bigint NOT NULL)
        """,
        "CREATE UNIQUE INDEX identity_user_name ON identity_user (domain_id, name)",
        """
        CREATE TABLE identity_group (
            id text NOT NULL PRIMARY KEY, name text NOT NULL, domain_id text NOT NULL, description text NOT NULL, extra text NOT NULL)
        """,
        "CREATE UNIQUE INDEX identity_group_name ON identity_group (domain_id, name)",
        "CREATE TABLE identity_membership (group_id text NOT NULL, user_id text NOT NULL, PRIMARY KEY (group_id, user_id))",
        "CREATE INDEX identity_membership_user ON identity_membership (user_id)",
        "CREATE TABLE identity_revocation (audit_id text NOT NULL PRIMARY KEY, expires_at bigint NOT NULL)",
    ];

    private static string[] Roles =>
    [
        """
        CREATE TABLE identity_role (
            id text NOT NULL PRIMARY KEY, name text NOT NULL, domain_id text NOT NULL, description text, options text NOT NULL, extra text NOT NULL)
        """,
        "CREATE UNIQUE INDEX identity_role_name ON identity_role (domain_id, name)",
        "CREATE TABLE identity_implication (prior_id text NOT NULL, implied_id text NOT NULL, PRIMARY KEY (prior_id, implied_id))",
        """
        CREATE TABLE identity_assignment (
            actor_type text NOT NULL, actor_id text NOT NULL, target_type text NOT NULL, target_id text NOT NULL, role_id text NOT NULL,
            inherited bigint NOT NULL, PRIMARY KEY (actor_id, target_id, role_id, actor_type, target_type, inherited))
        """,
        "CREATE INDEX identity_assignment_target ON identity_assignment (target_id)",
        "CREATE INDEX identity_assignment_role ON identity_assignment (role_id)",
    ];

    private static string[] Catalog =>
    [
        "CREATE TABLE identity_region (id text NOT NULL PRIMARY KEY, parent_region_id text, description text NOT NULL, extra text NOT NULL)",
        """
        CREATE TABLE identity_service (
            id text NOT NULL PRIMARY KEY, type text NOT NULL, name text NOT NULL, description text NOT NULL, enabled bigint NOT NULL, extra text NOT NULL)
        """,
        """
        CREATE TABLE identity_endpoint (
            id text NOT NULL PRIMARY KEY, service_id text NOT NULL, interface text NOT NULL, region_id text, url text NOT NULL,
            enabled bigint NOT NULL, extra text NOT NULL)
        """,
        "CREATE INDEX identity_endpoint_service ON identity_endpoint (service_id)",
        "CREATE TABLE identity_endpoint_group (id text NOT NULL PRIMARY KEY, name text NOT NULL, description text, filters text NOT NULL)",
        "CREATE TABLE identity_endpoint_project (endpoint_id text NOT NULL, project_id text NOT NULL, PRIMARY KEY (project_id, endpoint_id))",
        "CREATE TABLE identity_endpoint_group_project (endpoint_group_id text NOT NULL, project_id text NOT NULL, PRIMARY KEY (project_id, endpoint_group_id))",
    ];

    private static string[] Delegation =>
    [
        """
        CREATE TABLE identity_app_credential (
            id text NOT NULL PRIMARY KEY, user_id text NOT NULL, project_id text NOT NULL, name text NOT NULL, description text,
            secret_hash text NOT NULL, expires_at bigint, unrestricted bigint NOT NULL, created_at bigint NOT NULL)
        """,
        "CREATE UNIQUE INDEX identity_app_credential_name ON identity_app_credential (user_id, name)",
        "CREATE INDEX identity_app_credential_project ON identity_app_credential (project_id)",
        "CREATE TABLE identity_app_credential_role (app_credential_id text NOT NULL, role_id text NOT NULL, PRIMARY KEY (app_credential_id, role_id))",
        "CREATE TABLE identity_access_rule (id text NOT NULL PRIMARY KEY, user_id text NOT NULL, service text NOT NULL, method text NOT NULL, path text NOT NULL)",
        "CREATE UNIQUE INDEX identity_access_rule_same ON identity_access_rule (user_id, service, method, path)",
        "CREATE TABLE identity_app_credential_rule (app_credential_id text NOT NULL, rule_id text NOT NULL, PRIMARY KEY (app_credential_id, rule_id))",
        "CREATE INDEX identity_app_credential_rule_rule ON identity_app_credential_rule (rule_id)",
        """
        CREATE TABLE identity_trust (
            id text NOT NULL PRIMARY KEY, trustor_id text NOT NULL, trustee_id text NOT NULL, project_id text, impersonation bigint NOT NULL,
            expires_at bigint, remaining_uses bigint, allow_redelegation bigint NOT NULL, redelegation_count bigint NOT NULL,
            redelegated_trust_id text, deleted_at bigint, extra text NOT NULL, created_at bigint NOT NULL)
        """,
        "CREATE TABLE identity_trust_role (trust_id text NOT NULL, role_id text NOT NULL, PRIMARY KEY (trust_id, role_id))",
    ];

    private static string[] Extensions =>
    [
        """
        CREATE TABLE identity_credential (
            id text NOT NULL PRIMARY KEY, user_id text NOT NULL, project_id text, type text NOT NULL, blob text NOT NULL, access text, extra text NOT NULL)
        """,
        "CREATE INDEX identity_credential_user ON identity_credential (user_id)",
        "CREATE UNIQUE INDEX identity_credential_access ON identity_credential (access)",
        "CREATE TABLE identity_policy (id text NOT NULL PRIMARY KEY, type text NOT NULL, blob text NOT NULL, extra text NOT NULL)",
        "CREATE TABLE identity_consumer (id text NOT NULL PRIMARY KEY, description text, secret text NOT NULL, extra text NOT NULL)",
        "CREATE TABLE identity_domain_option (domain_id text NOT NULL, section text NOT NULL, name text NOT NULL, value text NOT NULL, PRIMARY KEY (domain_id, section, name))",
    ];
}
