using Ciel.Core.Errors;
using Ciel.Core.Http;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.Images;

/// <summary>The order of a list: <c>sort=key:dir,…</c>, or <c>sort_key</c> with <c>sort_dir</c>; else the newest first.</summary>
internal static class ImageSort
{
    public static void Add(ListQuery list, IQueryCollection query, IReadOnlyList<string> known)
    {
        var keys = query.ContainsKey("sort") ? Both(query) : Apart(query);
        foreach (var (key, direction) in keys.Append(("created_at", "desc")).DistinctBy(k => k.Item1))
        {
            if (!known.Contains(key))
            {
                throw Fault.BadRequest($"Invalid sort key: {key}. It must be one of: {string.Join(", ", known)}.");
            }

            list.Sort(key, direction switch
            {
                "asc" => false,
                "desc" => true,
                _ => throw Fault.BadRequest($"Invalid sort direction: {direction}"),
            });
        }
    }

    private static IEnumerable<(string, string)> Both(IQueryCollection query)
    {
        if (query.ContainsKey("sort_key") || query.ContainsKey("sort_dir"))
        {
            throw Fault.BadRequest("Old and new sorting syntax cannot be combined");
        }

        return query["sort"].SelectMany(s => (s ?? "").Split(',')).Select(part => part.Trim().Split(':')).Select(p => p.Length switch
        {
            1 => (p[0].Trim(), "desc"),
            2 => (p[0].Trim(), p[1].Trim()),
            _ => throw Fault.BadRequest("A sort key has at most one direction, such as name:asc."),
        });
    }

    private static IEnumerable<(string, string)> Apart(IQueryCollection query)
    {
        var keys = query["sort_key"].Select(k => k ?? "").ToArray();
        var directions = query["sort_dir"].Select(d => d ?? "").ToArray();
        if (keys.Length == 0)
        {
            return directions.Length > 0 ? [("created_at", directions[0])] : [];
        }

        return directions.Length <= 1 || directions.Length == keys.Length
            ? keys.Select((k, i) => (k, directions.Length == 0 ? "desc" : directions.Length == 1 ? directions[0] : directions[i]))
            : throw Fault.BadRequest("Number of sort dirs does not match the number of sort keys");
    }
}
