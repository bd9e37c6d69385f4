using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests;

/// <summary>All doors' routes together.</summary>
public class RoutesTests
{
    /// <summary>Regression: "" and "/" under one prefix are the same route, and asking for it was an error of ours.</summary>
    [Fact]
    public async Task No_two_routes_take_the_same_requests()
    {
        await using var cloud = await TestCloud.Start();
        var routes = cloud.Host.Parts.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"]).Select(m => m + " " + e.RoutePattern.RawText!.TrimEnd('/')))
            .Where(r => !r.EndsWith("{**rest}", StringComparison.Ordinal))
            .ToArray();
        routes.Length.ShouldBeGreaterThan(100);
        routes.GroupBy(r => r).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/identity")]
    [InlineData("/image")]
    [InlineData("/network")]
    [InlineData("/compute")]
    [InlineData("/rating")]
    public async Task Each_service_tells_its_versions_to_anybody(string root)
    {
        await using var cloud = await TestCloud.Start();
        foreach (var path in (string[])[root, root + "/"])
        {
            using var answer = await cloud.Raw(HttpMethod.Get, path, null);
            ((int)answer.StatusCode).ShouldBeOneOf(200, 300);
        }
    }
}
