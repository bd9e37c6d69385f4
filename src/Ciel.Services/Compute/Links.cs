using System.Text.Json;
using Ciel.Core.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Ciel.Services.Compute;

/// <summary>The links that Nova puts into its views.</summary>
internal static class Links
{
    public static string Self(Call call, string collection, string id) => $"{call.BaseUrl}{ComputeDoor.Root}/{collection}/{id}";

    /// <summary><c>links</c> with self and bookmark.</summary>
    public static void Write(Utf8JsonWriter json, Call call, string collection, string id)
    {
        json.WriteStartArray("links");
        One(json, "self", Self(call, collection, id));
        One(json, "bookmark", Bookmark(call, collection, id));
        json.WriteEndArray();
    }

    /// <summary><c>links</c> with a bookmark only.</summary>
    public static void WriteBookmark(Utf8JsonWriter json, Call call, string collection, string id)
    {
        json.WriteStartArray("links");
        One(json, "bookmark", Bookmark(call, collection, id));
        json.WriteEndArray();
    }

    /// <summary>The way to the next page, as <c>NAME_links</c> (<c>links</c> without a name); nothing where this page is the last.</summary>
    public static void WriteNext(Utf8JsonWriter json, Call call, string name, string? lastId)
    {
        if (lastId is null)
        {
            return;
        }

        var query = new QueryBuilder(call.Http.Request.Query
            .Where(q => q.Key != "marker")
            .SelectMany(q => q.Value, (q, value) => KeyValuePair.Create(q.Key, value ?? "")))
        {
            { "marker", lastId },
        };
        json.WriteStartArray(name.Length == 0 ? "links" : name + "_links");
        One(json, "next", $"{call.Http.Request.Scheme}://{call.Http.Request.Host}{call.Http.Request.Path}{query}");
        json.WriteEndArray();
    }

    private static string Bookmark(Call call, string collection, string id) => $"{call.BaseUrl}/{collection}/{id}";

    private static void One(Utf8JsonWriter json, string rel, string href)
    {
        json.WriteStartObject();
        json.WriteString("rel", rel);
        json.WriteString("href", href);
        json.WriteEndObject();
    }
}
