using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Makes and deletes security groups and their rules.</summary>
internal sealed class GroupBook(Wakes wakes, Ids ids)
{
    public const string DefaultName = "default";

    /// <summary>The project's default group; made when it is first needed, whatever the quota says.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> Default(Tx tx, string projectId)
    {
        if (await GroupStore.Default(tx, projectId) is { } known)
        {
            return known;
        }

        var group = new Group
        {
            Id = ids.Uuid(),
            ProjectId = projectId,
            Name = DefaultName,
            Description = "Default security group",
            IsDefault = true,
            Counted = await NetworkQuota.TryTake(tx, projectId, NetworkQuota.Group),
        };
        if (!await GroupStore.Table.Insert(tx, group))
        {
            // Another request has made it since; on PostgreSQL its row is visible to the next statement.
            await NetworkQuota.Return(tx, group, NetworkQuota.Group);
            return (await GroupStore.Default(tx, projectId))!;
        }

        foreach (var ethertype in new[] { GroupRule.IPv4, GroupRule.IPv6 })
        {
            await AddOwn(tx, group, GroupRule.Ingress, ethertype, group.Id);
            await AddOwn(tx, group, GroupRule.Egress, ethertype, null);
        }

        return group.Id;
    }

    /// <summary>Makes a group with the rules that let everything out.</summary>
    public async Task Create(Tx tx, Group group)
    {
        await Default(tx, group.ProjectId);
        await NetworkQuota.Take(tx, group.ProjectId, NetworkQuota.Group);
        await GroupStore.Table.Insert(tx, group with { Counted = true });
        await AddOwn(tx, group, GroupRule.Egress, GroupRule.IPv4, null);
        await AddOwn(tx, group, GroupRule.Egress, GroupRule.IPv6, null);
    }

    /// <summary>Deletes a held group with its rules, and others' rules that admit it.</summary>
    public async Task Delete(Tx tx, Group group)
    {
        if (await GroupStore.InUse(tx, group.Id))
        {
            throw Fault.Conflict($"Security Group {group.Id} in use.", "SecurityGroupInUse");
        }

        await wakes.AdmittersOf(tx, [group.Id]);
        foreach (var rule in (await GroupStore.RulesOf(tx, [group.Id])).UnionBy(await GroupStore.RulesThatAdmit(tx, group.Id), r => r.Id))
        {
            await GroupStore.Rules.Delete(tx, rule.Id);
            await NetworkQuota.Return(tx, rule, NetworkQuota.GroupRule);
        }

        await Sharing.Forget(tx, group.Id);
        await GroupStore.Table.Delete(tx, group.Id);
        await NetworkQuota.Return(tx, group, NetworkQuota.Group);
    }

    public async Task AddRule(Tx tx, GroupRule rule)
    {
        GroupRuleRules.Check(rule);
        await NetworkQuota.Take(tx, rule.ProjectId, NetworkQuota.GroupRule);
        if (!await GroupStore.Rules.Insert(tx, rule with { Counted = true }))
        {
            throw Fault.Conflict($"Security group rule already exists. Rule id is {await Twin(tx, rule)}.", "SecurityGroupRuleExists");
        }

        await Touch(tx, rule.GroupId);
        await wakes.FollowersOf(tx, [rule.GroupId]);
    }

    public async Task DeleteRule(Tx tx, GroupRule rule)
    {
        await GroupStore.Rules.Delete(tx, rule.Id);
        await NetworkQuota.Return(tx, rule, NetworkQuota.GroupRule);
        await Touch(tx, rule.GroupId);
        await wakes.FollowersOf(tx, [rule.GroupId]);
    }

    /// <exception cref="Fault">404 for a group that the actor may not use.</exception>
    public static async Task RequireVisible(Reader reader, Actor actor, IReadOnlyCollection<string> groupIds)
    {
        foreach (var id in groupIds)
        {
            _ = await GroupStore.FindVisible(reader, actor, id) ?? throw Faults.GroupNotFound(id);
        }
    }

    private async Task AddOwn(Tx tx, Group group, string direction, string ethertype, string? remoteGroup) => await GroupStore.Rules.Insert(tx, new GroupRule
    {
        Id = ids.Uuid(),
        ProjectId = group.ProjectId,
        GroupId = group.Id,
        Direction = direction,
        Ethertype = ethertype,
        RemoteGroupId = remoteGroup,
        Counted = await NetworkQuota.TryTake(tx, group.ProjectId, NetworkQuota.GroupRule),
    });

    private static Task<string?> Twin(Tx tx, GroupRule rule) => tx.Scalar<string>(
        "SELECT id FROM network_group_rule WHERE group_id = @GroupId AND signature = @Signature", new { rule.GroupId, rule.Signature });

    private static Task<int> Touch(Tx tx, string groupId) => tx.Execute(
        "UPDATE network_group SET revision = revision + 1, updated_at = @now WHERE id = @groupId", new { groupId, now = tx.Now });
}
