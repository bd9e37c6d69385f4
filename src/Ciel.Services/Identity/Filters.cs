using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Identity;

/// <summary>
/// Keystone's list queries: <c>name=x</c>, <c>name__contains=x</c> and its kin, <c>limit</c> and <c>marker</c>. Parameters that a list does not know are passed over.
/// </summary>
internal static class Filters
{
    public static readonly Column Truth = new("enabled", ColumnType.Boolean);

    /// <summary>Columns of the same name.</summary>
    public static Dictionary<string, Column> Columns(params ReadOnlySpan<string> names)
    {
        var columns = new Dictionary<string, Column>();
        foreach (var name in names)
        {
            columns[name] = name == "enabled" ? Truth : new Column(name);
        }

        return columns;
    }

    /// <summary>The query with what the call asks for.</summary>
    public static ListQuery Of(Call call, Reader reader, string table, IReadOnlyDictionary<string, Column> columns, string id = "id")
    {
        var query = new ListQuery(table, id, columns) { Limit = Limit(call), Marker = call.Query("marker") };
        foreach (var (key, values) in call.Http.Request.Query)
        {
            var value = values[^1] ?? "";
            if (columns.TryGetValue(key, out var column))
            {
                query.Filter(key, [column.Type == ColumnType.Boolean ? Flag(value) : value]);
            }
            else if (key.Split("__") is [var field, var comparison] && columns.TryGetValue(field, out column) && column.Type == ColumnType.Text)
            {
                Inexact(query, reader, column.Sql, comparison, value);
            }
        }

        return query;
    }

    /// <summary>The page's size that the call asks for; null for all.</summary>
    public static int? Limit(Call call) => call.Query("limit") is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit
        : throw Fault.BadRequest($"limit must be a number above 0, not '{text}'.");

    // `?enabled` alone means true; only 0 and false mean false.
    private static string Flag(string value) => value is "0" || value.Equals("false", StringComparison.OrdinalIgnoreCase) ? "false" : "true";

    private static void Inexact(ListQuery query, Reader reader, string column, string comparison, string value)
    {
        var name = "like" + query.Args.Count.ToString(CultureInfo.InvariantCulture);
        var insensitive = comparison.StartsWith('i');
        var (left, right) = insensitive ? ($"lower({column})", value.ToLowerInvariant()) : (column, value);
        var condition = (insensitive ? comparison[1..] : comparison) switch
        {
            "contains" => reader.Dialect.Contains(left, "@" + name),
            "startswith" => reader.Dialect.StartsWith(left, "@" + name),
            "endswith" => $"length({left}) >= length(@{name}) AND substr({left}, length({left}) - length(@{name}) + 1) = @{name}",
            _ => null,
        };
        if (condition is not null)
        {
            query.Where(condition, (name, right));
        }
    }
}
