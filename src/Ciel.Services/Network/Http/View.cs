using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Network;

/// <summary>How one kind of resource looks: its fields in the reference's order.</summary>
/// <typeparam name="T">The row.</typeparam>
internal sealed class View<T>
{
    private readonly IReadOnlyList<Field<T>> _shown;
    private readonly Dictionary<string, Field<T>> _filters = [];

    /// <param name="name">In the singular, as in bodies, such as <c>network</c>.</param>
    /// <param name="collection">In the plural, such as <c>networks</c>.</param>
    /// <param name="fields">In the reference's order.</param>
    public View(string name, string collection, IEnumerable<Field<T>> fields)
    {
        (Name, Collection) = (name, collection);
        var all = fields.ToArray();
        _shown = [.. all.Where(f => f.Write is not null)];
        foreach (var field in all.Where(f => f.Column is not null || f.Filter is not null))
        {
            _filters[field.Name] = field;
        }

        Columns = _filters.Values.Where(f => f.Column is not null).ToDictionary(f => f.Name, f => f.Column!);
    }

    public string Name { get; }

    public string Collection { get; }

    /// <summary>Field names to the columns by which lists filter and sort.</summary>
    public IReadOnlyDictionary<string, Column> Columns { get; }

    /// <summary>The filter of that name; null where there is none.</summary>
    public Field<T>? FilterOf(string name) => _filters.GetValueOrDefault(name);

    /// <summary>Writes one object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="row">What.</param>
    /// <param name="actor">Admins see more.</param>
    /// <param name="only">The fields asked for; empty for all.</param>
    public void Write(Utf8JsonWriter json, T row, Actor actor, IReadOnlyCollection<string> only)
    {
        json.WriteStartObject();
        foreach (var field in _shown)
        {
            if ((only.Count == 0 || only.Contains(field.Name)) && (!field.Admin || actor.IsAdmin))
            {
                json.WritePropertyName(field.Name);
                field.Write!(json, row);
            }
        }

        json.WriteEndObject();
    }
}
