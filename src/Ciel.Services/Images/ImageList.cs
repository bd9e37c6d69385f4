using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.Images;

/// <summary>One page of the list of images, as the query asks for it.</summary>
internal static class ImageList
{
    private const int DefaultLimit = 25;
    private const int MostInPage = 1000;

    private static readonly Dictionary<string, Column> Columns = new()
    {
        ["id"] = new("id"),
        ["name"] = new("COALESCE(name, '')"),
        ["owner"] = new("owner"),
        ["status"] = new("status"),
        ["checksum"] = new("COALESCE(md5, '')"),
        ["os_hash_value"] = new("COALESCE(sha512, '')"),
        ["container_format"] = new("COALESCE(container_format, '')"),
        ["disk_format"] = new("COALESCE(disk_format, '')"),
        ["size"] = new("COALESCE(size, -1)", ColumnType.Number),
        ["virtual_size"] = new("COALESCE(virtual_size, -1)", ColumnType.Number),
        ["min_disk"] = new("min_disk", ColumnType.Number),
        ["min_ram"] = new("min_ram", ColumnType.Number),
        ["protected"] = new("protected", ColumnType.Boolean),
        ["created_at"] = new("created_at", ColumnType.Number),
        ["updated_at"] = new("updated_at", ColumnType.Number),
    };

    private static readonly string[] SortKeys = ["name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at"];
    private static readonly string[] Lists = ["id", "name", "status", "container_format", "disk_format"];
    private static readonly string[] NotFilters = ["limit", "marker", "sort", "sort_key", "sort_dir", "visibility", "member_status", "os_hidden", "tag"];

    /// <summary>The page and whether another may follow.</summary>
    public static async Task<(IReadOnlyList<ImageView> Images, bool More)> Page(Reader reader, Actor actor, IQueryCollection query)
    {
        var list = new ListQuery("image_image", "id", Columns) { Limit = LimitOf(query) };
        Scope(list, actor, query);
        foreach (var (name, values) in query.Where(q => !NotFilters.Contains(q.Key)))
        {
            Filter(list, name, values[^1] ?? "");
        }

        foreach (var tag in query["tag"])
        {
            var n = list.Args.Count;
            list.Where($"EXISTS (SELECT 1 FROM image_tag t WHERE t.image_id = image_image.id AND t.tag = @tag{n})", ($"tag{n}", tag ?? ""));
        }

        ImageSort.Add(list, query, SortKeys);
        if (Last(query, "marker") is { } marker)
        {
            // Another project's image is no marker: whether it exists is not told.
            _ = await ImageStore.Visible(reader, actor, marker) ?? throw Fault.BadRequest($"The marker '{marker}' could not be found.");
            list.Marker = marker;
        }

        var rows = await list.Page<Image>(reader, "*");
        return (await ImageStore.Views(reader, rows), rows.Count == list.Limit);
    }

    public static string? Last(IQueryCollection query, string name) => query.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;

    private static int LimitOf(IQueryCollection query) => Last(query, "limit") is not { } text ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Min(limit, MostInPage)
        : throw Fault.BadRequest("limit param must be an integer that is not negative.");

    // What the actor may see; other projects' community images only when asked for, hidden ones only when asked for.
    private static void Scope(ListQuery list, Actor actor, IQueryCollection query)
    {
        var visibility = Last(query, "visibility");
        var memberStatus = Last(query, "member_status") ?? "accepted";
        if (visibility is not (null or "all") && !ImageFields.Visibilities.Contains(visibility))
        {
            throw Fault.BadRequest($"Invalid visibility value: {visibility}");
        }

        if (memberStatus is not ("pending" or "accepted" or "rejected" or "all"))
        {
            throw Fault.BadRequest($"Invalid status: {memberStatus}");
        }

        (string, object?) me = ("me", actor.ProjectId ?? "");
        if (!actor.IsAdmin)
        {
            list.Where(
                """
                owner = @me OR visibility IN ('public', 'community') OR (visibility = 'shared' AND EXISTS (SELECT 1 FROM image_member m
                    WHERE m.image_id = image_image.id AND m.project_id = @me AND (m.status = @memberStatus OR @memberStatus = 'all')))
                """,
                me, ("memberStatus", memberStatus));
        }

        if (visibility is null)
        {
            list.Where("visibility <> 'community' OR owner = @me", me);
        }
        else if (visibility != "all")
        {
            list.Where("visibility = @visibility", ("visibility", visibility));
        }

        list.Where("hidden = @hidden", ("hidden", Truth("os_hidden", Last(query, "os_hidden") ?? "false")));
    }

    private static void Filter(ListQuery list, string name, string value)
    {
        var n = list.Args.Count;
        switch (name)
        {
            case "created_at" or "updated_at":
                ImageTimes.Filter(list, name, value);
                break;
            case "size_min" or "size_max":
                var bound = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                    ? size
                    : throw Fault.BadRequest($"Unable to filter on a range with a non-numeric value.");
                list.Where($"size {(name == "size_min" ? ">=" : "<=")} @{name}", (name, bound));
                break;
            case "protected":
                list.Where("protected = @protected", ("protected", Truth(name, value)));
                break;
            case var _ when Lists.Contains(name) && value.StartsWith("in:", StringComparison.Ordinal):
                list.Filter(name, ImageFilters.InList(value["in:".Length..]));
                break;
            case var _ when Columns.ContainsKey(name):
                list.Filter(name, [value]);
                break;
            default:
                list.Where(
                    $"EXISTS (SELECT 1 FROM image_property p WHERE p.image_id = image_image.id AND p.name = @p{n} AND p.value = @v{n})",
                    ($"p{n}", name), ($"v{n}", value));
                break;
        }
    }

    private static bool Truth(string name, string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Fault.BadRequest($"Invalid value '{value}' for '{name}' filter. Use true or false."),
    };
}
