using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/security-group-rules.</summary>
internal sealed class GroupRuleApi(Db db, Ids ids, GroupBook groups) : ResourceApi<GroupRule>(db, ids, GroupView.Rules, GroupStore.Rules)
{
    protected override bool Updatable => false;

    protected override string From => "network_group_rule r";

    protected override string Alias => "r";

    public override Fault NotFound(string id) => GroupStore.RuleNotFound(id);

    protected override void Visible(ListQuery query, Actor actor) => query.Where(GroupStore.RuleVisible);

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var group = await GroupOf(tx, actor, input.Id("security_group_id"));
        if (!actor.IsAdmin && group.ProjectId != actor.ProjectId)
        {
            throw Faults.GroupNotFound(group.Id);
        }

        _ = OwnerOf(actor, input);
        var rule = new GroupRule
        {
            Id = Ids.Uuid(),
            ProjectId = group.ProjectId,
            GroupId = group.Id,
            Direction = input.NotNull("direction").OptionalChoice("direction", GroupRule.Ingress, GroupRule.Egress)
                ?? throw Fault.BadRequest("Failed to parse request. Required attribute 'direction' not specified"),
            Ethertype = Ethertype(input),
            Protocol = Protocol(input),
            PortMin = (int?)input.OptionalInteger("port_range_min", -65536, 1 << 20),
            PortMax = (int?)input.OptionalInteger("port_range_max", -65536, 1 << 20),
            RemoteCidr = input.OptionalString("remote_ip_prefix", 0, 64),
            RemoteGroupId = input.OptionalString("remote_group_id"),
            RemoteAddressGroupId = input.OptionalString("remote_address_group_id"),
            Description = input.OptionalString("description") ?? "",
        };
        input.Done();
        await CheckRemote(tx, actor, rule);
        await groups.AddRule(tx, rule);
        return rule.Id;
    }

    protected override Task Delete(Tx tx, Actor actor, GroupRule row) => groups.DeleteRule(tx, row);

    private static async Task CheckRemote(Tx tx, Actor actor, GroupRule rule)
    {
        if (rule.RemoteGroupId is { } remote)
        {
            await GroupOf(tx, actor, remote);
        }

        if (rule.RemoteAddressGroupId is { } addresses)
        {
            _ = await AddressGroupStore.FindVisible(tx, actor, addresses) ?? throw AddressGroupStore.NotFound(addresses);
        }
    }

    private static async Task<Group> GroupOf(Tx tx, Actor actor, string id) =>
        await GroupStore.FindVisible(tx, actor, id) ?? throw Faults.GroupNotFound(id);

    // Neutron takes any case, and null as the default.
    private static string Ethertype(Input input) => input.OptionalString("ethertype") switch
    {
        null => GroupRule.IPv4,
        var text when text.Equals(GroupRule.IPv4, StringComparison.OrdinalIgnoreCase) => GroupRule.IPv4,
        var text when text.Equals(GroupRule.IPv6, StringComparison.OrdinalIgnoreCase) => GroupRule.IPv6,
        var other => throw Fault.BadRequest($"Security group rule for ethertype '{other}' not supported. Allowed values are ['IPv4', 'IPv6'].", "SecurityGroupRuleInvalidEtherType"),
    };

    private static string? Protocol(Input input)
    {
        if (input.Raw("protocol") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value))
        {
            return value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return input.OptionalString("protocol") switch
        {
            null or "any" => null,
            var name => name.ToLowerInvariant(),
        };
    }
}
