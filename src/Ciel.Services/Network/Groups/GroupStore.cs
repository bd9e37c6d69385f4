using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The SQL of security groups and their rules.</summary>
internal static class GroupStore
{
    public static readonly Table Table = new("network_group", "is_default", "stateful");

    public static readonly Table Rules = new(
        "network_group_rule",
        "group_id",
        "direction",
        "ethertype",
        "protocol",
        "port_min",
        "port_max",
        "remote_cidr",
        "remote_group_id",
        "remote_address_group_id",
        "signature");

    public static readonly string Visible = $"g.project_id = @me OR {Sharing.Exists("g.id")}";

    /// <summary>The rules of groups that a project may use.</summary>
    public static readonly string RuleVisible =
        $"r.project_id = @me OR EXISTS (SELECT 1 FROM network_group g WHERE g.id = r.group_id AND ({Visible}))";

    /// <summary>A group that the actor may use.</summary>
    public static Task<Group?> FindVisible(Reader reader, Actor actor, string id) => reader.First<Group>(
        $"SELECT g.* FROM network_group g WHERE g.id = @id AND ({(actor.IsAdmin ? "1 = 1" : Visible)})", new { id, me = actor.ProjectId ?? "-" });

    /// <summary>The groups of that name that the actor's project owns.</summary>
    public static Task<List<Group>> ByName(Reader reader, string projectId, string name) => reader.Query<Group>(
        "SELECT * FROM network_group WHERE project_id = @projectId AND name = @name ORDER BY id", new { projectId, name });

    public static Task<string?> Default(Reader reader, string projectId) => reader.Scalar<string>(
        "SELECT id FROM network_group WHERE project_id = @projectId AND is_default = 1", new { projectId });

    public static Task<List<Group>> OfProject(Reader reader, string projectId) =>
        reader.Query<Group>("SELECT * FROM network_group WHERE project_id = @projectId", new { projectId });

    public static Task<List<GroupRule>> RulesOf(Reader reader, IReadOnlyCollection<string> groupIds) => reader.Query<GroupRule>(
        "SELECT * FROM network_group_rule WHERE group_id IN @groupIds ORDER BY created_at, id", new { groupIds });

    public static async Task<bool> InUse(Reader reader, string id) =>
        await reader.Scalar<string>("SELECT port_id FROM network_port_group WHERE group_id = @id LIMIT 1", new { id }) is not null;

    public static Task<List<GroupRule>> RulesThatAdmit(Reader reader, string groupId) =>
        reader.Query<GroupRule>("SELECT * FROM network_group_rule WHERE remote_group_id = @groupId", new { groupId });

    public static Task<List<(string PortId, string Id, string Name)>> OfPorts(Reader reader, IReadOnlyCollection<string> portIds) =>
        reader.Query<(string PortId, string Id, string Name)>(
            "SELECT x.port_id, g.id, g.name FROM network_port_group x JOIN network_group g ON g.id = x.group_id WHERE x.port_id IN @portIds ORDER BY g.name, g.id",
            new { portIds });

    public static async Task LoadRules(Reader reader, List<Group> groups)
    {
        var rules = (await RulesOf(reader, [.. groups.Select(g => g.Id)])).ToLookup(r => r.GroupId);
        for (var i = 0; i < groups.Count; i++)
        {
            groups[i] = groups[i] with { Rules = [.. rules[groups[i].Id]] };
        }
    }

    public static Fault RuleNotFound(string id) => Fault.NotFound($"Security group rule {id} does not exist", "SecurityGroupRuleNotFound");
}
