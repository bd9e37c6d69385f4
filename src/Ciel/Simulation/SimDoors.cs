using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Ciel.Simulation;

/// <summary>
/// Finds the door's handler for a request. In place of the framework's routing, which compiles its tables on other threads, so that
/// no seed would repeat.
/// </summary>
internal sealed class SimDoors
{
    private readonly Dictionary<(string Method, int Depth), List<RouteEndpoint>> _doors = [];

    public SimDoors(IEndpointRouteBuilder routes)
    {
        foreach (var endpoint in routes.DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>().OrderBy(e => e.RoutePattern.InboundPrecedence))
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            {
                var key = (method, endpoint.RoutePattern.PathSegments.Count);
                (_doors.TryGetValue(key, out var there) ? there : _doors[key] = []).Add(endpoint);
            }
        }
    }

    /// <summary>Answers a request.</summary>
    public Task Open(HttpContext http)
    {
        var path = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var found = _doors[(http.Request.Method, path.Length)].First(e => e.RoutePattern.PathSegments.Zip(path).All(s => Fits(s.First, s.Second)));
        foreach (var (segment, text) in found.RoutePattern.PathSegments.Zip(path))
        {
            if (segment.Parts is [RoutePatternParameterPart part])
            {
                http.Request.RouteValues[part.Name] = text;
            }
        }

        http.SetEndpoint(found);
        return found.RequestDelegate!(http);
    }

    private static bool Fits(RoutePatternPathSegment segment, string text) => segment.Parts switch
    {
        [RoutePatternParameterPart] => true,
        [RoutePatternLiteralPart literal] => literal.Content == text,
        _ => false,
    };
}
