using System.Globalization;
using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>What a list request asks for: filters, sort keys, one page, some fields.</summary>
internal sealed class Listing
{
    private static readonly string[] Reserved = ["fields", "limit", "marker", "page_reverse", "sort_key", "sort_dir"];
    private readonly Call _call;

    public Listing(Call call)
    {
        _call = call;
        Fields = FieldsOf(call);
        if (call.Query("limit") is { Length: > 0 } text)
        {
            Limit = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
                ? limit
                : throw Fault.BadRequest($"Bad limit request: Limit must be an integer 0 or greater and not '{text}'.");
            Limit = Limit == 0 ? null : Limit;
        }

        Reverse = call.Query("page_reverse")?.ToLowerInvariant() is "true" or "1";
    }

    /// <summary>The fields asked for; empty for all.</summary>
    public IReadOnlyCollection<string> Fields { get; }

    public int? Limit { get; }

    public bool Reverse { get; }

    /// <summary>The fields that a request for one resource asks for.</summary>
    public static IReadOnlyCollection<string> FieldsOf(Call call) =>
        call.Http.Request.Query.TryGetValue("fields", out var fields) ? [.. fields.OfType<string>().Where(f => f.Length > 0)] : [];

    /// <summary>Puts filters, order and page on the query.</summary>
    /// <exception cref="Fault">400 for what is no field.</exception>
    public void Apply<T>(ListQuery query, View<T> view, Dialect dialect)
    {
        (query.Limit, query.Marker, query.Reverse) = (Limit, _call.Query("marker") is { Length: > 0 } marker ? marker : null, Reverse);
        foreach (var (name, values) in _call.Http.Request.Query.Where(q => !Reserved.Contains(q.Key)))
        {
            var field = view.FilterOf(name) ?? throw Fault.BadRequest($"['{name}'] is invalid attribute for filtering");
            var wanted = values.Select(v => v ?? "").ToArray();
            if (wanted.Any(v => v.Contains('\0', StringComparison.Ordinal)))
            {
                throw Fault.BadRequest($"Invalid input for {name}. Reason: it contains a NUL character.");
            }

            if (field.Filter is { } filter)
            {
                filter(query, dialect, wanted);
            }
            else
            {
                query.Filter(name, wanted);
            }
        }

        Sort(query);
    }

    /// <summary>Writes the links to the pages beside this one, as the extension pagination has them.</summary>
    public void WriteLinks(Utf8JsonWriter json, string collection, IReadOnlyList<string> ids)
    {
        if (Limit is not { } limit)
        {
            return;
        }

        json.WriteStartArray(collection + "_links");
        if (ids.Count >= limit || Reverse)
        {
            WriteLink(json, "next", Link(ids.Count > 0 ? ids[^1] : null, reverse: false));
        }

        if (ids.Count >= limit || !Reverse)
        {
            WriteLink(json, "previous", Link(ids.Count > 0 ? ids[0] : null, reverse: true));
        }

        json.WriteEndArray();
    }

    private static void WriteLink(Utf8JsonWriter json, string rel, string href)
    {
        json.WriteStartObject();
        json.WriteString("rel", rel);
        json.WriteString("href", href);
        json.WriteEndObject();
    }

    private void Sort(ListQuery query)
    {
        var keys = Values("sort_key");
        var directions = Values("sort_dir");
        if (keys.Length != directions.Length && directions.Length > 0)
        {
            throw Fault.BadRequest("The number of sort_keys and sort_dirs must be same");
        }

        for (var i = 0; i < keys.Length; i++)
        {
            var descending = directions.Length > 0 && directions[i] switch
            {
                "asc" => false,
                "desc" => true,
                _ => throw Fault.BadRequest("sort_dirs must be one of ['asc', 'desc']"),
            };
            query.Sort(keys[i], descending);
        }
    }

    private string[] Values(string name) => [.. _call.Http.Request.Query[name].OfType<string>()];

    private string Link(string? marker, bool reverse)
    {
        var request = _call.Http.Request;
        var parameters = request.Query
            .Where(q => q.Key is not ("marker" or "page_reverse"))
            .SelectMany(q => q.Value.Select(v => (q.Key, Value: v ?? "")))
            .Concat(marker is null ? [] : [("marker", marker)])
            .Concat(reverse ? [("page_reverse", "True")] : []);
        return $"{_call.BaseUrl}{request.Path.Value![_call.Door.Prefix.Length..]}?{string.Join("&", parameters.Select(p => $"{Uri.EscapeDataString(p.Item1)}={Uri.EscapeDataString(p.Item2)}"))}";
    }
}
