using System.Text.Json;
using Ciel.Services.Identity.Tokens;

namespace Ciel.Services.Identity.Delegation;

/// <summary>Access rules' JSON.</summary>
internal static class AccessRuleWire
{
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<AccessRule> rules)
    {
        json.WriteStartArray("access_rules");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            Fields(json, rule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Fields(Utf8JsonWriter json, AccessRule rule)
    {
        json.WriteString("id", rule.Id);
        json.WriteString("service", rule.Service);
        json.WriteString("method", rule.Method);
        json.WriteString("path", rule.Path);
    }
}
