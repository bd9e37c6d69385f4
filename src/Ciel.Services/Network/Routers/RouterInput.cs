using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Network;

/// <summary>Reads the attributes of a router from a request.</summary>
internal static class RouterInput
{
    private const int MostRoutes = 30;

    public static Router Read(Input input, Actor actor, Router router, string action)
    {
        RefuseKinds(input, actor, action);
        var next = input.Common(router) with { AdminStateUp = input.Flag("admin_state_up", router.AdminStateUp) };
        return input.NotNull("availability_zone_hints").OptionalStrings("availability_zone_hints") is { } zones
            ? next with { ZoneHints = NetworkJson.Of(NetworkInput.Zones(zones)) }
            : next;
    }

    /// <summary>Null where the request does not say.</summary>
    public static GatewayRequest? Gateway(Input input, Actor actor, string action)
    {
        if (!input.Has("external_gateway_info"))
        {
            return null;
        }

        if (input.OptionalObject("external_gateway_info") is not { } info || !info.Names.Any())
        {
            return new GatewayRequest(null, null, null);
        }

        var network = info.OptionalString("network_id");
        if (info.Has("enable_snat") && !actor.IsAdmin)
        {
            throw Inputs.NotAllowed(action + ":external_gateway_info:enable_snat");
        }

        if (info.Has("external_fixed_ips") && !actor.IsAdmin)
        {
            throw Inputs.NotAllowed(action + ":external_gateway_info:external_fixed_ips");
        }

        var request = new GatewayRequest(
            network, info.OptionalBoolean("enable_snat"), PortInput.Addresses(info, ownsNetwork: true, action, "external_fixed_ips"));
        info.Done();
        return network is null && request.Addresses is { Count: > 0 }
            ? throw input.Refuse("external_gateway_info", "", "'network_id' is required")
            : request;
    }

    /// <summary>The list <c>routes</c>; null where it is missing.</summary>
    public static IReadOnlyList<Route>? Routes(Input input)
    {
        if (!input.Has("routes"))
        {
            return null;
        }

        var routes = (input.OptionalObjects("routes") ?? []).Select(r => SubnetInput.Route(r, null)).ToArray();
        if (routes.Length > MostRoutes)
        {
            throw Fault.BadRequest($"The number of routes exceeds the maximum {MostRoutes}.", "RoutesExhausted");
        }

        return routes.Distinct().Count() == routes.Length ? routes : throw input.Refuse("routes", "", "Duplicate routes");
    }

    // One gateway node carries a router: neither distributed nor highly available ones can be had, and saying so is honest.
    private static void RefuseKinds(Input input, Actor actor, string action)
    {
        foreach (var kind in (string[])["distributed", "ha"])
        {
            if (input.HasForAdmin(kind, actor, action) && input.OptionalBoolean(kind) == true)
            {
                throw Faults.InvalidInput($"{kind} routers are not available");
            }
        }
    }
}
