namespace Ciel.Services.Compute;

/// <summary>The resources that compute limits per project, with Nova's default limits.</summary>
internal static class ComputeQuotas
{
    public const string Instances = "compute.instances";
    public const string Cores = "compute.cores";
    public const string Ram = "compute.ram";
    public const string KeyPairs = "compute.key_pairs";
    public const string MetadataItems = "compute.metadata_items";
    public const string ServerGroups = "compute.server_groups";
    public const string ServerGroupMembers = "compute.server_group_members";

    /// <summary>Resource to built-in limit; -1 for none. In the order of Nova's views.</summary>
    public static IReadOnlyDictionary<string, long> Defaults { get; } = new Dictionary<string, long>
    {
        [Cores] = 20,
        ["compute.fixed_ips"] = -1,
        ["compute.floating_ips"] = -1,
        ["compute.injected_file_content_bytes"] = 10240,
        ["compute.injected_file_path_bytes"] = 255,
        ["compute.injected_files"] = 5,
        [Instances] = 10,
        [KeyPairs] = 100,
        [MetadataItems] = 128,
        [Ram] = 51200,
        ["compute.security_group_rules"] = -1,
        ["compute.security_groups"] = -1,
        [ServerGroupMembers] = 10,
        [ServerGroups] = 10,
    };

    /// <summary>Nova's own name.</summary>
    public static string Name(string resource) => resource["compute.".Length..];
}
