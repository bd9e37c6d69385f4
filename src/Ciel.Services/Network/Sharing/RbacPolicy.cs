using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>One policy of role-based access control: a project may use another's object.</summary>
internal sealed record RbacPolicy : Resource
{
    public string ObjectType { get; init; } = "";

    public string ObjectId { get; init; } = "";

    public string Action { get; init; } = "";

    /// <summary>A project, or <c>*</c>.</summary>
    public string Target { get; init; } = "";
}

/// <summary>The policies' table and view (Networking API v2.0, "RBAC policies").</summary>
internal static class RbacPolicies
{
    public static readonly Table Table = new("network_rbac", "object_type", "object_id", "action", "target");

    /// <summary>What can be shared, and its table.</summary>
    public static IReadOnlyDictionary<string, Table> Kinds { get; } = new Dictionary<string, Table>
    {
        ["network"] = NetworkStore.Table,
        ["security_group"] = GroupStore.Table,
        ["address_group"] = AddressGroupStore.Table,
        ["address_scope"] = AddressScopeStore.Table,
        ["subnetpool"] = SubnetPoolStore.Table,
    };

    /// <summary>Whether a project has ports on a network by this policy.</summary>
    public static async Task<bool> IsUsed(Reader reader, RbacPolicy policy) => await reader.Scalar<string>(
        $"SELECT id FROM network_port WHERE network_id = @ObjectId AND project_id NOT IN ('', @ProjectId){(policy.Target == Sharing.Everyone ? "" : " AND project_id = @Target")} LIMIT 1",
        new { policy.ObjectId, policy.ProjectId, policy.Target }) is not null;

    public static View<RbacPolicy> View { get; } = new("rbac_policy", "rbac_policies",
    [
        Field.Text<RbacPolicy>("id", r => r.Id, "b.id"),
        Field.Text<RbacPolicy>("object_type", r => r.ObjectType, "b.object_type"),
        Field.Text<RbacPolicy>("object_id", r => r.ObjectId, "b.object_id"),
        Field.Text<RbacPolicy>("action", r => r.Action, "b.action"),
        Field.Text<RbacPolicy>("target_tenant", r => r.Target, "b.target"),
        Field.Text<RbacPolicy>("tenant_id", r => r.ProjectId, "b.project_id"),
        Field.Text<RbacPolicy>("project_id", r => r.ProjectId, "b.project_id"),
    ]);
}
