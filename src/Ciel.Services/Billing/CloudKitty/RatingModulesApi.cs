using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Billing.CloudKitty;

/// <summary>Routes of CloudKitty's rating modules, in both versions: there is one, the price book, and it is not changed here.</summary>
internal static class RatingModulesApi
{
    private const string Module = "pricebook";

    public static void Map(Routes routes)
    {
        Map(routes, "/v1/rating/modules", "hot_config");
        Map(routes, "/v2/rating/modules", "hot-config");
        routes.Get("/v1/rating/reload_modules", RatingDoor.ReadOnly);
        foreach (var map in (Action<string, Handler>[])[routes.Get, routes.Post, routes.Put, routes.Delete])
        {
            map("/v1/rating/module_config/{**rest}", RatingDoor.ReadOnly);
        }
    }

    private static void Map(Routes routes, string path, string hotConfig)
    {
        routes.Get(path, call => List(call, hotConfig));
        routes.Get(path + "/{id}", call => Show(call, hotConfig));
        routes.Put(path + "/{id}", RatingDoor.ReadOnly);
    }

    private static Task List(Call call, string hotConfig)
    {
        call.Actor.RequireAdmin("rating:modules");
        return call.Many("modules", (string[])[hotConfig], Write);
    }

    private static Task Show(Call call, string hotConfig)
    {
        call.Actor.RequireAdmin("rating:modules");
        return call.Route("id") == Module ? call.Json(200, json => Write(json, hotConfig)) : throw Fault.NotFound($"There is no module {call.Route("id")}; there is one, {Module}.");
    }

    private static void Write(Utf8JsonWriter json, string hotConfig)
    {
        json.WriteStartObject();
        json.WriteString("module_id", Module);
        json.WriteString("description", "The price book: `ciel price export` prints it.");
        json.WriteBoolean("enabled", true);
        json.WriteBoolean(hotConfig, true);
        json.WriteNumber("priority", 1);
        json.WriteEndObject();
    }
}
