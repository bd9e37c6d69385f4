using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Store;

namespace Ciel.Core.Http;

/// <summary>What a column holds, for filters that come as text.</summary>
public enum ColumnType
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>0 or 1, asked for as true or false.</summary>
    Boolean,
}

/// <summary>One column that a list may be filtered or sorted by.</summary>
/// <param name="Sql">The column or expression; never null in rows, so that paging is total.</param>
/// <param name="Type">What it holds.</param>
public sealed record Column(string Sql, ColumnType Type = ColumnType.Text);

/// <summary>
/// Builds one page of a list: filters, sort keys, marker and limit as every OpenStack list has them. Pages by the sort keys' values of the
/// marker's row and the id, never by offset, so that rows made meanwhile neither hide nor double others.
/// </summary>
/// <param name="table">The table (or joined tables) to read.</param>
/// <param name="id">The column that is unique, such as <c>id</c>.</param>
/// <param name="columns">The API's field names and their columns.</param>
public sealed class ListQuery(string table, string id, IReadOnlyDictionary<string, Column> columns)
{
    private readonly List<string> _where = [];
    private readonly List<(Column Column, bool Descending)> _sort = [];

    /// <summary>The parameters so far; pass it as the query's arguments.</summary>
    public Dictionary<string, object?> Args { get; } = [];

    /// <summary>At most so many rows; null for all.</summary>
    public int? Limit { get; set; }

    /// <summary>The id of the last row of the page before; null for the first page.</summary>
    public string? Marker { get; set; }

    /// <summary>From the last row to the first (Neutron's page_reverse).</summary>
    public bool Reverse { get; set; }

    /// <summary>Adds a condition with its parameters.</summary>
    public ListQuery Where(string condition, params ReadOnlySpan<(string Name, object? Value)> args)
    {
        _where.Add(condition);
        foreach (var (name, value) in args)
        {
            Args[name] = value;
        }

        return this;
    }

    /// <summary>Adds an equality filter on a known field: any of the values; a value that cannot be in the column matches nothing.</summary>
    public ListQuery Filter(string field, IEnumerable<string> values)
    {
        var column = columns[field];
        var wanted = values.Select(v => Convert(column, v)).Where(v => v is not null).ToArray();
        if (wanted.Length == 0)
        {
            _where.Add("1 = 0");
            return this;
        }

        var names = wanted.Select((v, i) => (Name: $"f{Args.Count + i}", Value: v)).ToArray();
        _where.Add($"{column.Sql} IN ({string.Join(", ", names.Select(n => "@" + n.Name))})");
        foreach (var (name, value) in names)
        {
            Args[name] = value;
        }

        return this;
    }

    /// <summary>Adds a sort key.</summary>
    /// <exception cref="Fault">400 for a field that lists cannot be sorted by.</exception>
    public ListQuery Sort(string field, bool descending)
    {
        _sort.Add((columns.TryGetValue(field, out var column)
            ? column
            : throw Fault.BadRequest($"'{field}' is not a field that this list can be sorted by."), descending));
        return this;
    }

    /// <summary>Reads the page: <paramref name="select"/> is the column list.</summary>
    /// <exception cref="Fault">400 where the marker is not a row of the table.</exception>
    public async Task<List<T>> Page<T>(Reader reader, string select)
    {
        var conditions = new List<string>(_where);
        if (Marker is not null)
        {
            Args["marker"] = Marker;
            var known = await reader.Scalar<long>($"SELECT COUNT(*) FROM {table} WHERE {id} = @marker", Args);
            if (known == 0)
            {
                throw Fault.BadRequest($"The marker '{Marker}' could not be found. Use the id of the last item of the page before.");
            }

            conditions.Add(AfterMarker());
        }

        var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions.Select(c => $"({c})"));
        var order = string.Join(", ", _sort.Append((Column: new Column(id), Descending: _sort.Count > 0 && _sort[^1].Descending))
            .Select(s => $"{s.Column.Sql} {(s.Descending ^ Reverse ? "DESC" : "ASC")}"));
        var limit = Limit is { } n ? " LIMIT " + n.ToString(CultureInfo.InvariantCulture) : "";
        var rows = await reader.Query<T>($"SELECT {select} FROM {table}{where} ORDER BY {order}{limit}", Args);
        if (Reverse)
        {
            rows.Reverse();
        }

        return rows;
    }

    // (a, b, id) after the marker's, with mixed directions: a beyond, or a equal and b beyond, or both equal and id beyond.
    private string AfterMarker()
    {
        var keys = _sort.Append((Column: new Column(id), Descending: _sort.Count > 0 && _sort[^1].Descending)).ToArray();
        var alternatives = new List<string>();
        for (var i = 0; i < keys.Length; i++)
        {
            var equal = keys[..i].Select(k => $"{k.Column.Sql} = {OfMarker(k.Column)}");
            var beyond = $"{keys[i].Column.Sql} {(keys[i].Descending ^ Reverse ? "<" : ">")} {OfMarker(keys[i].Column)}";
            alternatives.Add("(" + string.Join(" AND ", equal.Append(beyond)) + ")");
        }

        return string.Join(" OR ", alternatives);
    }

    private string OfMarker(Column column) => $"(SELECT {column.Sql} FROM {table} WHERE {id} = @marker)";

    private static object? Convert(Column column, string value) => column.Type switch
    {
        ColumnType.Text => value,
        ColumnType.Number => long.TryParse(value, CultureInfo.InvariantCulture, out var n) ? n : null,
        _ => value.ToLowerInvariant() switch { "true" or "1" => 1L, "false" or "0" => 0L, _ => null },
    };
}
