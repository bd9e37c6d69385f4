using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>Floating addresses in Nova's words, until 2.35 (Compute API reference, "Floating IPs").</summary>
internal sealed class FloatingPagesApi(Db db, Pages pages, INetworks networks)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-floating-ip-pools", Pools);
        routes.Get("/v2.1/os-floating-ips", List);
        routes.Post("/v2.1/os-floating-ips", Create);
        routes.Get("/v2.1/os-floating-ips/{id}", Show);
        routes.Delete("/v2.1/os-floating-ips/{id}", Delete);
    }

    private async Task Pools(Call call)
    {
        call.Until(35);
        var all = await External(call);
        await call.Many("floating_ip_pools", all, (json, network) =>
        {
            json.WriteStartObject();
            json.WriteString("name", PoolName(network));
            json.WriteEndObject();
        });
    }

    private async Task List(Call call)
    {
        call.Until(35);
        var all = await Views(call, await pages.List(call, Pages.Floatings, ("project_id", call.Actor.Project())));
        await call.Many("floating_ips", all, Write);
    }

    private async Task Show(Call call)
    {
        call.Until(35);
        var id = call.Route("id");
        await Answer(call, await pages.One(call, Pages.Floatings, id, $"Floating IP not found for ID {id}"));
    }

    private async Task Create(Call call)
    {
        call.Until(35);
        var wanted = call.Http.Request.ContentLength is > 0 ? await Pool(call) : null;
        var external = await External(call);
        var pool = external.Where(n => wanted is null || PoolName(n) == wanted || n.GetProperty("id").GetString() == wanted).Take(1).ToArray();
        if (pool.Length == 0)
        {
            throw Fault.NotFound("Floating IP pool not found.");
        }

        await Answer(call, await pages.Create(call, Pages.Floatings, new { floating_network_id = pool[0].GetProperty("id").GetString() }));
    }

    private async Task Delete(Call call)
    {
        call.Until(35);
        var id = call.Route("id");
        await pages.One(call, Pages.Floatings, id, $"Floating IP not found for ID {id}");
        await pages.Delete(call, Pages.Floatings, id);
        await call.Empty(202);
    }

    private static async Task<string?> Pool(Call call)
    {
        var body = await call.Body();
        var pool = body.OptionalString("pool");
        body.Done();
        return pool;
    }

    private Task<IReadOnlyList<JsonElement>> External(Call call) => pages.List(call, Pages.Networks, ("router:external", "true"));

    private static string PoolName(JsonElement network) => network.GetProperty("name").GetString() is { Length: > 0 } name ? name : network.GetProperty("id").GetString()!;

    private async Task Answer(Call call, JsonElement floating)
    {
        var view = (await Views(call, [floating]))[0];
        await call.One("floating_ip", json => Write(json, view));
    }

    private async Task<List<FloatingView>> Views(Call call, IReadOnlyList<JsonElement> floatings)
    {
        var names = (await External(call)).ToDictionary(n => n.GetProperty("id").GetString()!, PoolName);
        return await db.Read(
            async r =>
            {
                var views = new List<FloatingView>();
                foreach (var floating in floatings)
                {
                    string? Text(string name) => floating.GetProperty(name).GetString();
                    var port = Text("port_id") is { } id ? await networks.Port(r, id) : null;
                    views.Add(new FloatingView(
                        Text("id")!,
                        Text("floating_ip_address")!,
                        names.GetValueOrDefault(Text("floating_network_id")!, Text("floating_network_id")!),
                        Text("fixed_ip_address"),
                        port is { DeviceId.Length: > 0 } ? port.DeviceId : null));
                }

                return views;
            },
            call.Cancel);
    }

    private static void Write(Utf8JsonWriter json, FloatingView view)
    {
        json.WriteStartObject();
        json.WriteString("id", view.Id);
        json.WriteString("ip", view.Address);
        json.WriteString("pool", view.Pool);
        json.WriteString("fixed_ip", view.Fixed);
        json.WriteString("instance_id", view.ServerId);
        json.WriteEndObject();
    }

    private sealed record FloatingView(string Id, string Address, string Pool, string? Fixed, string? ServerId);
}
