using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Identity;

/// <summary>How a kind of thing is shown: alone as <c>{"user": {…}}</c>, in lists as <c>{"users": […], "links": …}</c>.</summary>
/// <param name="One">Such as <c>user</c>.</param>
/// <param name="Many">Such as <c>users</c>.</param>
/// <param name="Path">Where one is found below /v3, such as <c>users</c>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Fields">Writes its fields but the links.</param>
internal sealed record View<T>(string One, string Many, string Path, Func<T, string> Id, Action<Utf8JsonWriter, T> Fields)
{
    /// <summary>Writes the object with its link to itself.</summary>
    public void Write(Utf8JsonWriter json, T thing, Call call)
    {
        json.WriteStartObject();
        Fields(json, thing);
        json.WriteStartObject("links");
        json.WriteString("self", $"{call.BaseUrl}/v3/{Path}/{Uri.EscapeDataString(Id(thing))}");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>Answers with things.</summary>
internal static class Views
{
    /// <summary>One thing; <paramref name="more"/> adds fields that only this answer has.</summary>
    public static Task Show<T>(this Call call, View<T> view, T thing, int status = 200, Action<Utf8JsonWriter>? more = null)
    {
        var whole = more is null ? view : view with { Fields = (json, t) => Both(json, t, view, more) };
        return call.One(view.One, json => whole.Write(json, thing, call), status);
    }

    /// <summary>A list; where it is as long as the page, with a link to the next one.</summary>
    public static Task List<T>(this Call call, View<T> view, IReadOnlyList<T> things, int? limit = null, int status = 200) => call.Many(
        view.Many,
        things,
        (json, thing) => view.Write(json, thing, call),
        json => Links(json, call, limit is { } n && things.Count == n ? view.Id(things[^1]) : null),
        status);

    /// <summary>The links of a list.</summary>
    public static void Links(Utf8JsonWriter json, Call call, string? marker = null)
    {
        var request = call.Http.Request;
        var self = $"{call.CloudUrl()}{request.PathBase}{request.Path}";
        json.WriteStartObject("links");
        json.WriteString("next", marker is null ? null : self + NextQuery(request.Query, marker));
        json.WriteString("self", self + request.QueryString);
        json.WriteNull("previous");
        json.WriteEndObject();
    }

    private static string NextQuery(Microsoft.AspNetCore.Http.IQueryCollection query, string marker)
    {
        var kept = query.Where(q => q.Key != "marker").SelectMany(q => q.Value, (q, v) => KeyValuePair.Create(q.Key, v));
        return Microsoft.AspNetCore.Http.QueryString.Create(kept.Append(KeyValuePair.Create("marker", (string?)marker))).ToUriComponent();
    }

    private static void Both<T>(Utf8JsonWriter json, T thing, View<T> view, Action<Utf8JsonWriter> more)
    {
        view.Fields(json, thing);
        more(json);
    }
}
