using System.Globalization;
using Ciel.Core.Http;

namespace Ciel.Services.Network;

internal static class ListQueryParameters
{
    /// <summary>Adds a parameter of a new name.</summary>
    /// <returns>The name with its <c>@</c>.</returns>
    public static string Add(this ListQuery query, object? value)
    {
        var name = "p" + query.Args.Count.ToString(CultureInfo.InvariantCulture);
        query.Args[name] = value;
        return "@" + name;
    }
}
