using System.Text.Json;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>A router's static routes.</summary>
internal static class RouterRoutes
{
    /// <summary>
    /// What the routes are to be: destination and next hop; default routes are named by their range. A next hop on no leg's range,
    /// such as one behind a leg that is down, makes no route: the kernel would refuse it, and the router would stay half made.
    /// </summary>
    public static IReadOnlyList<(string Destination, string NextHop)> Wanted(RouterSpec spec)
    {
        var ranges = RouterLinks.Legs(spec).SelectMany(leg => leg.Addresses).Select(Cidr.Parse).ToArray();
        var extra = spec.Routes.Select(route => (Cidr.Parse(route.Destination).ToString(), Cidr.Host(route.NextHop)));
        var defaults = (spec.Gateway?.NextHops ?? []).Select(Cidr.Host).Select(hop => (hop.Contains(':') ? "::/0" : "0.0.0.0/0", hop));
        return
        [
            .. extra.Concat(defaults).DistinctBy(route => route.Item1)
                .Where(route => ranges.Any(range => range.Contains(Cidr.Parse(route.Item2)))),
        ];
    }

    /// <summary>Answers lines for <c>ip -batch</c>; none when all is as it should be.</summary>
    public static IReadOnlyList<string> Plan(
        IReadOnlyList<(string Destination, string NextHop)> wanted, IReadOnlyList<(string Destination, string NextHop)> found) =>
    [
        .. found.Except(wanted).Where(route => !wanted.Any(other => other.Destination == route.Destination))
            .Select(route => $"route delete {route.Destination} via {route.NextHop} proto static"),
        .. wanted.Except(found).Select(route => $"route replace {route.Destination} via {route.NextHop} proto static"),
    ];

    /// <summary>Reads the output of <c>ip -json route show proto static</c>.</summary>
    /// <param name="json">What ip printed.</param>
    /// <param name="everywhere">What "default" stands for.</param>
    public static IEnumerable<(string Destination, string NextHop)> Parse(string json, string everywhere)
    {
        using var document = JsonDocument.Parse(json.Length == 0 ? "[]" : json);
        return document.RootElement.EnumerateArray().Where(route => route.TryGetProperty("gateway", out _)).Select(route =>
        {
            var destination = route.GetProperty("dst").GetString()!;
            return (destination == "default" ? everywhere : Cidr.Parse(destination).ToString(), route.GetProperty("gateway").GetString()!);
        }).ToArray();
    }
}
