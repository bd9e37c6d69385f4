using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/rbac-policies.</summary>
internal sealed class RbacApi(Db db, Ids ids) : ResourceApi<RbacPolicy>(db, ids, RbacPolicies.View, RbacPolicies.Table)
{
    public override string Path => "rbac-policies";

    protected override string From => "network_rbac b";

    protected override string Alias => "b";

    public override Fault NotFound(string id) => Fault.NotFound($"RBAC policy of type {id} not found", "RbacPolicyNotFound");

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var policy = new RbacPolicy
        {
            Id = Ids.Uuid(),
            ProjectId = OwnerOf(actor, input),
            ObjectType = input.NotNull("object_type").OptionalChoice("object_type", [.. RbacPolicies.Kinds.Keys])
                ?? throw Fault.BadRequest("Failed to parse request. Required attribute 'object_type' not specified"),
            ObjectId = input.Id("object_id"),
            Action = input.NotNull("action").OptionalChoice("action", Sharing.AsShared)
                ?? throw Fault.BadRequest("Failed to parse request. Required attribute 'action' not specified"),
            Target = Target(input, actor),
            Counted = true,
        };
        input.Done();
        var table = RbacPolicies.Kinds[policy.ObjectType];
        var owner = await table.Lock(tx, policy.ObjectId)
            ? await table.OwnerOf(tx, policy.ObjectId)
            : null;
        if (owner is null || (!actor.IsAdmin && owner != actor.ProjectId))
        {
            throw Fault.NotFound($"{policy.ObjectType} {policy.ObjectId} could not be found.");
        }

        await NetworkQuota.Take(tx, policy.ProjectId, NetworkQuota.Rbac);
        return await Table.Insert(tx, policy)
            ? policy.Id
            : throw Fault.Conflict($"An RBAC policy already exists with those values.", "DuplicateRbacPolicy");
    }

    protected override async Task Update(Tx tx, Actor actor, RbacPolicy row, Input input)
    {
        input.ReadOnly("id", "object_type", "object_id", "action", "project_id", "tenant_id");
        var next = row with { Target = Target(input, actor) };
        input.Done();
        await RefuseWhileUsed(tx, row);
        await Table.Update(tx, next);
    }

    protected override async Task Delete(Tx tx, Actor actor, RbacPolicy row)
    {
        await RefuseWhileUsed(tx, row);
        await Table.Delete(tx, row.Id);
        await NetworkQuota.Return(tx, row, NetworkQuota.Rbac);
    }

    private static string Target(Input input, Actor actor)
    {
        var target = input.Id("target_tenant");
        return target != Sharing.Everyone || actor.IsAdmin ? target : throw Inputs.NotAllowed("create_rbac_policy:target_tenant");
    }

    // Only networks are looked at: what a project made of other shared objects goes on without them.
    private static async Task RefuseWhileUsed(Tx tx, RbacPolicy row)
    {
        if (row.ObjectType == "network" && await RbacPolicies.IsUsed(tx, row))
        {
            throw Fault.Conflict($"RBAC policy on object {row.ObjectId} cannot be removed because other objects depend on it.", "RbacPolicyInUse");
        }
    }
}
