using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Network;

/// <summary>Security groups and rules as the API shows them (Networking API v2.0, "Security groups").</summary>
internal static class GroupView
{
    public static View<GroupRule> Rules { get; } = new("security_group_rule", "security_group_rules", RuleFields("r"));

    public static View<Group> Groups { get; } = new("security_group", "security_groups",
    [
        Field.Text<Group>("id", g => g.Id, "g.id"),
        Field.Text<Group>("name", g => g.Name, "g.name"),
        Field.Flag<Group>("stateful", g => g.Stateful, "g.stateful"),
        Field.Text<Group>("tenant_id", g => g.ProjectId, "g.project_id"),
        Field.Text<Group>("description", g => g.Description, "g.description"),
        Field.Flag<Group>("shared", g => g.Shared) with { Column = new Column(Sharing.Column("g.id"), ColumnType.Boolean) },
        new Field<Group>("security_group_rules", WriteRules),
        .. Field.Common<Group>("g"),
    ]);

    private static readonly Field<GroupRule>[] Nested = [.. RuleFields("r").Where(f => f.Write is not null)];

    private static Field<GroupRule>[] RuleFields(string alias) =>
    [
        Field.Text<GroupRule>("id", r => r.Id, alias + ".id"),
        Field.Text<GroupRule>("tenant_id", r => r.ProjectId, alias + ".project_id"),
        Field.Text<GroupRule>("security_group_id", r => r.GroupId, alias + ".group_id"),
        Field.Text<GroupRule>("ethertype", r => r.Ethertype, alias + ".ethertype"),
        Field.Text<GroupRule>("direction", r => r.Direction, alias + ".direction"),
        Field.Text<GroupRule>("protocol", r => r.Protocol, $"COALESCE({alias}.protocol, '')"),
        Field.Number<GroupRule>("port_range_min", r => r.PortMin, $"COALESCE({alias}.port_min, -1)"),
        Field.Number<GroupRule>("port_range_max", r => r.PortMax, $"COALESCE({alias}.port_max, -1)"),
        Field.Text<GroupRule>("remote_ip_prefix", r => r.RemoteCidr, $"COALESCE({alias}.remote_cidr, '')"),
        Field.Text<GroupRule>("remote_address_group_id", r => r.RemoteAddressGroupId, $"COALESCE({alias}.remote_address_group_id, '')"),
        Field.Text<GroupRule>("normalized_cidr", r => r.NormalizedCidr),
        Field.Text<GroupRule>("remote_group_id", r => r.RemoteGroupId, $"COALESCE({alias}.remote_group_id, '')"),
        Field.Text<GroupRule>("description", r => r.Description, alias + ".description"),
        .. Field.Common<GroupRule>(alias),
    ];

    private static void WriteRules(Utf8JsonWriter json, Group group)
    {
        json.WriteStartArray();
        foreach (var rule in group.Rules)
        {
            json.WriteStartObject();
            foreach (var field in Nested)
            {
                json.WritePropertyName(field.Name);
                field.Write!(json, rule);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
