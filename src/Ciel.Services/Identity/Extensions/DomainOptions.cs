using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Identity.Extensions;

/// <summary>A row of identity_domain_option, the value as JSON text.</summary>
internal sealed record DomainOption(string Section, string Name, string Value);

/// <summary>Which options a domain may have in Keystone, and their defaults. Ciel keeps them for clients; it has one user directory.</summary>
internal static class DomainOptions
{
    private const string Nothing = "null";

    /// <summary>Sections to options to the default as JSON text.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Defaults { get; } = new Dictionary<string, IReadOnlyDictionary<string, string>>
    {
        ["identity"] = new Dictionary<string, string> { ["driver"] = "\"sql\"", ["list_limit"] = Nothing },
        ["ldap"] = new[]
        {
            "url", "user", "suffix", "query_scope", "page_size", "alias_dereferencing", "debug_level", "chase_referrals", "user_tree_dn", "user_filter",
            "user_objectclass", "user_id_attribute", "user_name_attribute", "user_mail_attribute", "user_description_attribute", "user_pass_attribute",
            "user_enabled_attribute", "user_enabled_invert", "user_enabled_mask", "user_enabled_default", "user_attribute_ignore",
            "user_default_project_id_attribute", "user_enabled_emulation", "user_enabled_emulation_dn", "user_additional_attribute_mapping",
            "group_tree_dn", "group_filter", "group_objectclass", "group_id_attribute", "group_name_attribute", "group_member_attribute",
            "group_desc_attribute", "group_attribute_ignore", "group_additional_attribute_mapping", "tls_cacertfile", "tls_cacertdir", "use_tls",
            "tls_req_cert", "use_pool", "pool_size", "pool_retry_max", "pool_retry_delay", "pool_connection_timeout", "pool_connection_lifetime",
            "use_auth_pool", "auth_pool_size", "auth_pool_connection_lifetime",
        }.ToDictionary(name => name, _ => Nothing),
    };

    /// <summary>Options that are taken but never shown.</summary>
    private static readonly string[] Secret = ["password"];

    public static bool IsShown(DomainOption option) => !Secret.Contains(option.Name);

    /// <summary>Refuses sections and options that there are not.</summary>
    /// <exception cref="Fault">403 or 404, as asked for.</exception>
    public static void Check(string section, string? name, Func<string, Fault> refuse)
    {
        if (!Defaults.TryGetValue(section, out var options) || (name is not null && !options.ContainsKey(name) && !(section == "ldap" && Secret.Contains(name))))
        {
            throw refuse(name is null ? $"group {section}" : $"option {name} in group {section}");
        }
    }

    /// <summary>Reads <c>{"config": {section: {name: value}}}</c>, narrowed to what the path names.</summary>
    public static IReadOnlyList<DomainOption> Read(Input body, string? section, string? name)
    {
        var config = body.Object("config");
        if (name is not null)
        {
            return config.Names.ToArray() is [var only] && only == name ? [Option(config, section!, name)] : throw Mismatch();
        }

        var sections = config.Names.ToArray();
        if (sections.Length == 0 || (section is not null && sections is not [var one]) || (section is not null && sections[0] != section))
        {
            throw Mismatch();
        }

        return [.. sections.SelectMany(s => config.Object(s) is var options ? options.Names.Select(n => Option(options, s, n)) : [])];
    }

    private static DomainOption Option(Input options, string section, string name)
    {
        Check(section, name, what => Fault.Forbidden($"Invalid domain specific configuration: {what} is not supported for domain specific configurations."));
        var value = options.Raw(name)!.Value;
        return value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? throw options.Refuse(name, "", "it must be text, a number or a truth value")
            : new DomainOption(section, name, value.GetRawText());
    }

    private static Fault Mismatch() => Fault.Forbidden("Invalid domain specific configuration: the group or option in the body must be the one in the path.");
}
