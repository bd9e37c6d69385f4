using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Images.Metadefs;

/// <summary>Which namespaces, in which order.</summary>
internal sealed record NamespaceQuery(int Limit, string? Marker, string? Visibility, string? Owner, IReadOnlyList<string>? ResourceTypes, string SortKey, bool Descending)
{
    private const int DefaultLimit = 25;
    private const int MostInPage = 1000;

    public static NamespaceQuery Read(Call call)
    {
        var limit = call.Query("limit") is not { } text ? DefaultLimit
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? Math.Min(n, MostInPage)
            : throw Fault.BadRequest("limit param must be an integer that is not negative.");
        var visibility = call.Query("visibility");
        if (visibility is not (null or "public" or "private"))
        {
            throw Fault.BadRequest($"Invalid visibility value: {visibility}");
        }

        var descending = call.Query("sort_dir") switch
        {
            null or "desc" => true,
            "asc" => false,
            var other => throw Fault.BadRequest($"Invalid sort direction: {other}"),
        };
        return new NamespaceQuery(
            limit, call.Query("marker"), visibility, call.Query("owner"), call.Query("resource_types")?.Split(','), call.Query("sort_key") ?? "created_at", descending);
    }
}
