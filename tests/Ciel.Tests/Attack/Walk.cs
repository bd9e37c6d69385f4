using System.Text.RegularExpressions;
using Ciel.Core.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Attack;

/// <summary>One route of the running program.</summary>
internal sealed partial record WalkedRoute(string Method, string Pattern, bool Open)
{
    public string Door => "/" + Pattern.Split('/')[1];

    public bool Writes => Method is "POST" or "PUT" or "PATCH";

    /// <summary>The path with every parameter filled in by its name and the segment before it.</summary>
    public string Fill(Func<string, string, string> value) => Parameter().Replace(
        Pattern, m => value(m.Groups[1].Value, Pattern[..m.Index].TrimEnd('/').Split('/')[^1]));

    public override string ToString() => $"{Method} {Pattern}";

    [GeneratedRegex(@"\{\**(\w+)\}")]
    private static partial Regex Parameter();
}

/// <summary>Every route behind every door of a running program.</summary>
internal static class Walk
{
    public static string[] Doors { get; } = ["/identity", "/image", "/network", "/compute", "/billing", "/rating"];

    public static IReadOnlyList<WalkedRoute> Routes(TestCloud cloud) =>
    [
        .. cloud.Host.Parts.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => Doors.Any(d => e.RoutePattern.RawText!.StartsWith(d, StringComparison.Ordinal)))
            .SelectMany(
                e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [],
                (e, m) => new WalkedRoute(m, e.RoutePattern.RawText!, e.Metadata.GetMetadata<OpenRoute>() is not null)),
    ];
}
