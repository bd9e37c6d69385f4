using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>What is done to a router besides changing its attributes: its legs and its static routes.</summary>
internal sealed class RouterActionsApi(Db db, Ids ids, RouterApi api, RouterLegs legs, RouterBook routers)
{
    public void Map(Routes routes)
    {
        routes.Put("/v2.0/routers/{id}/add_router_interface", call => Leg(call, "add_router_interface", legs.Add));
        routes.Put("/v2.0/routers/{id}/remove_router_interface", call => Leg(call, "remove_router_interface", legs.Remove));
        routes.Put("/v2.0/routers/{id}/add_extraroutes", call => Routes(call, "add_extraroutes", (now, more) => [.. now.Union(more)]));
        routes.Put("/v2.0/routers/{id}/remove_extraroutes", call => Routes(call, "remove_extraroutes", (now, less) => [.. now.Except(less)]));
    }

    private async Task Leg(Call call, string verb, Func<Tx, Core.Policy.Actor, Router, LegRequest, Task<LegAnswer>> act)
    {
        var body = await call.Body();
        var request = new LegRequest(body.OptionalString("subnet_id"), body.OptionalString("port_id"));
        body.Done();
        if (request is { SubnetId: null, PortId: null })
        {
            throw Faults.RouterRequest("Either subnet_id or port_id must be specified");
        }

        var leg = await db.Write(
            async tx =>
            {
                var router = await api.Hold(tx, call.Actor, call.Route("id"));
                await AuditLog.Note(tx, ids.Uuid(), call.Actor, verb, "router", router.Id);
                return await act(tx, call.Actor, router, request);
            },
            call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", leg.RouterId);
            json.WriteString("tenant_id", leg.ProjectId);
            json.WriteString("project_id", leg.ProjectId);
            json.WriteString("port_id", leg.PortId);
            json.WriteString("network_id", leg.NetworkId);
            json.WriteString("subnet_id", leg.SubnetIds[0]);
            json.WriteStrings("subnet_ids", leg.SubnetIds);
            json.WriteStartArray("tags");
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private async Task Routes(Call call, string verb, Func<IReadOnlyList<Route>, IReadOnlyList<Route>, IReadOnlyList<Route>> combine)
    {
        var body = (await call.Body()).OptionalObject("router") ?? throw Fault.BadRequest("Unable to find 'router' in request body");
        var given = RouterInput.Routes(body) ?? [];
        body.Done();
        var router = await db.Write(
            async tx =>
            {
                var held = await api.Hold(tx, call.Actor, call.Route("id"));
                var all = combine(NetworkJson.Routes(held.Routes), given);
                await RouterBook.CheckRoutes(tx, held, all);
                await RouterStore.Table.Update(tx, held with { Routes = NetworkJson.Of(all) });
                await routers.Changed(tx, held.Id);
                await AuditLog.Note(tx, ids.Uuid(), call.Actor, verb, "router", held.Id);
                return await api.Find(tx, call.Actor, held.Id) ?? throw Faults.RouterNotFound(held.Id);
            },
            call.Cancel);
        await call.One("router", json => RouterView.View.Write(json, router, call.Actor, []));
    }
}
