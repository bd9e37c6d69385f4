using Ciel.Core.Http;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Which limits each microversion shows and takes.</summary>
internal static class QuotaFields
{
    private static readonly HashSet<string> OfNetworks = ["compute.fixed_ips", "compute.floating_ips", "compute.security_group_rules", "compute.security_groups"];

    private static readonly HashSet<string> OfFiles = ["compute.injected_file_content_bytes", "compute.injected_file_path_bytes", "compute.injected_files"];

    private static readonly HashSet<string> OfGroups = [ComputeQuotas.ServerGroups, ComputeQuotas.ServerGroupMembers];

    /// <summary>Networks' limits until 2.35, files' until 2.56.</summary>
    public static IEnumerable<string> OfSets(int version) => ComputeQuotas.Defaults.Keys.Where(r =>
        (version < 36 || !OfNetworks.Contains(r)) && (version < 57 || !OfFiles.Contains(r)));

    /// <summary>Networks' limits until 2.49, groups' since 2.50, files' until 2.56.</summary>
    public static IEnumerable<string> OfClasses(int version) => ComputeQuotas.Defaults.Keys.Where(r =>
        (version < 50 || !OfNetworks.Contains(r)) && (version >= 50 || !OfGroups.Contains(r)) && (version < 57 || !OfFiles.Contains(r)));

    /// <summary>Reads limits: -1 or more, numbers or digits.</summary>
    public static List<(string Resource, long Limit)> Read(Input input, IEnumerable<string> resources)
    {
        var limits = new List<(string, long)>();
        foreach (var resource in resources)
        {
            if (input.OptionalInteger(ComputeQuotas.Name(resource), -1) is { } limit)
            {
                limits.Add((resource, limit));
            }
        }

        return limits;
    }

    public static async Task<List<(string Resource, long Limit)>> Defaults(Reader reader, IEnumerable<string> resources)
    {
        var lines = new List<(string, long)>();
        foreach (var resource in resources)
        {
            lines.Add((resource, await QuotaBook.Default(reader, resource, ComputeQuotas.Defaults[resource])));
        }

        return lines;
    }

    public static Task Answer(Call call, string name, string? id, List<(string Resource, long Limit)> lines) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject(name);
        if (id is not null)
        {
            json.WriteString("id", id);
        }

        foreach (var (resource, limit) in lines)
        {
            json.WriteNumber(ComputeQuotas.Name(resource), limit);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });
}
