using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Which objects projects other than the owner's may use: the policies of role-based access control, object by object.</summary>
internal static class Sharing
{
    public const string AsShared = "access_as_shared";
    public const string Everyone = "*";

    /// <summary>1 where the project that asks (<c>@me</c>) may use another's object.</summary>
    public static string Column(string id) => $"CASE WHEN {Exists(id)} THEN 1 ELSE 0 END";

    public static string Exists(string id) =>
        $"EXISTS (SELECT 1 FROM network_rbac r WHERE r.object_id = {id} AND r.action = '{AsShared}' AND r.target IN ('{Everyone}', @me))";

    /// <summary>Whether everyone may use it.</summary>
    public static async Task<bool> WithAll(Reader reader, string objectId) => await reader.Scalar<string>(
        $"SELECT id FROM network_rbac WHERE object_id = @objectId AND action = '{AsShared}' AND target = '{Everyone}'", new { objectId }) is not null;

    /// <summary>Lets everyone use it, or no more.</summary>
    public static async Task SetWithAll(Tx tx, string newId, Resource owned, string type, bool shared)
    {
        if (shared)
        {
            await RbacPolicies.Table.Insert(tx, new RbacPolicy
            {
                Id = newId,
                ProjectId = owned.ProjectId,
                ObjectType = type,
                ObjectId = owned.Id,
                Action = AsShared,
                Target = Everyone,
            });
        }
        else
        {
            await Remove(tx, owned.Id, Everyone);
        }
    }

    /// <summary>Forgets every policy of an object that is gone.</summary>
    public static Task Forget(Tx tx, string objectId) => Remove(tx, objectId, null);

    private static async Task Remove(Tx tx, string objectId, string? target)
    {
        var policies = await tx.Query<RbacPolicy>("SELECT * FROM network_rbac WHERE object_id = @objectId", new { objectId });
        foreach (var policy in policies.Where(p => target is null || p.Target == target))
        {
            await RbacPolicies.Table.Delete(tx, policy.Id);
            await NetworkQuota.Return(tx, policy, NetworkQuota.Rbac);
        }
    }
}
