using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Security groups from Neutron's words into Nova's, which know ingress only.</summary>
internal static class GroupPagesWire
{
    /// <summary>Group id to name and owner, for rules that admit a group.</summary>
    public static Dictionary<string, (string Name, string Project)> Names(IEnumerable<JsonElement> groups) => groups.ToDictionary(
        g => Text(g, "id")!, g => (Text(g, "name")!, Text(g, "tenant_id")!));

    public static void Write(Utf8JsonWriter json, JsonElement group, Dictionary<string, (string Name, string Project)> names)
    {
        json.WriteStartObject();
        json.WriteString("id", Text(group, "id"));
        json.WriteString("description", Text(group, "description"));
        json.WriteString("name", Text(group, "name"));
        json.WriteString("tenant_id", Text(group, "tenant_id"));
        json.WriteStartArray("rules");
        foreach (var rule in group.GetProperty("security_group_rules").EnumerateArray().Where(r => Text(r, "direction") == "ingress"))
        {
            WriteRule(json, rule, names);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteRule(Utf8JsonWriter json, JsonElement rule, Dictionary<string, (string Name, string Project)> names)
    {
        var (from, to) = Ports(rule);
        json.WriteStartObject();
        json.WriteString("id", Text(rule, "id"));
        json.WriteString("parent_group_id", Text(rule, "security_group_id"));
        json.WriteString("ip_protocol", Text(rule, "protocol"));
        json.WriteNumberOrNull("from_port", from);
        json.WriteNumberOrNull("to_port", to);
        var remote = Text(rule, "remote_group_id");
        json.WriteStartObject("group");
        if (remote is not null && names.TryGetValue(remote, out var group))
        {
            json.WriteString("name", group.Name);
            json.WriteString("tenant_id", group.Project);
        }

        json.WriteEndObject();
        json.WriteStartObject("ip_range");
        if (remote is null)
        {
            json.WriteString("cidr", Text(rule, "remote_ip_prefix") ?? (Text(rule, "ethertype") == "IPv6" ? "::/0" : "0.0.0.0/0"));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Nova has no way to say "all of a protocol" but by its widest range.
    private static (int? From, int? To) Ports(JsonElement rule)
    {
        var (from, to) = (Number(rule, "port_range_min"), Number(rule, "port_range_max"));
        return (Text(rule, "protocol"), from, to) switch
        {
            (null, _, _) => (from, to),
            ("tcp" or "udp", null, null) => (1, 65535),
            (_, null, null) => (-1, -1),
            _ => (from, to),
        };
    }

    private static string? Text(JsonElement from, string name) => from.GetProperty(name).GetString();

    private static int? Number(JsonElement from, string name) => from.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;
}
