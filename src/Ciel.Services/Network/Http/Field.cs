using System.Globalization;
using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Narrows a list by the values asked for, of which any may match.</summary>
internal delegate void Filter(ListQuery query, Dialect dialect, IReadOnlyList<string> values);

/// <summary>One attribute of a resource: how it is written, and by which column lists filter and sort.</summary>
/// <param name="Name">The API's name.</param>
/// <param name="Write">Writes the value (not the name); null for what can only be filtered by.</param>
internal sealed record Field<T>(string Name, Action<Utf8JsonWriter, T>? Write)
{
    public Column? Column { get; init; }

    /// <summary>A filter that is more than equality with a column.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Shown to admins only.</summary>
    public bool Admin { get; init; }
}

/// <summary>The usual kinds of fields.</summary>
internal static class Field
{
    public static Field<T> Text<T>(string name, Func<T, string?> value, string? column = null) =>
        new(name, (json, row) => json.WriteStringValue(value(row))) { Column = column is null ? null : new Column(column) };

    public static Field<T> Flag<T>(string name, Func<T, bool> value, string? column = null) =>
        new(name, (json, row) => json.WriteBooleanValue(value(row))) { Column = column is null ? null : new Column(column, ColumnType.Boolean) };

    public static Field<T> Number<T>(string name, Func<T, long?> value, string? column = null) =>
        new(name, (json, row) =>
        {
            if (value(row) is { } number)
            {
                json.WriteNumberValue(number);
            }
            else
            {
                json.WriteNullValue();
            }
        })
        { Column = column is null ? null : new Column(column, ColumnType.Number) };

    /// <summary>A value that is kept as JSON.</summary>
    public static Field<T> Json<T>(string name, Func<T, string> value) => new(name, (json, row) => json.WriteRawValue(value(row), skipInputValidation: true));

    public static Field<T> List<T>(string name, Func<T, IEnumerable<string>> value, Filter? filter = null) => new(name, (json, row) =>
    {
        json.WriteStartArray();
        foreach (var item in value(row))
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    })
    { Filter = filter };

    /// <summary>µs UTC as Neutron writes instants.</summary>
    public static Field<T> Time<T>(string name, Func<T, long> value) => new(name, (json, row) => json.WriteStringValue(
        DateTimeOffset.UnixEpoch.AddMicroseconds(value(row)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));

    /// <summary>The attributes that close every resource.</summary>
    /// <param name="alias">The table's alias in the list's query.</param>
    public static Field<T>[] Common<T>(string alias)
        where T : Resource => [
        Json<T>("tags", r => r.Tags),
        Time<T>("created_at", r => r.CreatedAt),
        Time<T>("updated_at", r => r.UpdatedAt),
        Number<T>("revision_number", r => r.Revision, alias + ".revision"),
        Text<T>("project_id", r => r.ProjectId, alias + ".project_id"),
        .. TagFilters.All<T>(alias),
    ];
}
