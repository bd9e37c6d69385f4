using System.Net.Sockets;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>One server: create, show, update, delete (Compute API reference, "Servers").</summary>
internal sealed class ServerApi(Db db, ServerBuilder builder, ServerViews views, ServerVerbs verbs)
{
    public void Map(Routes routes)
    {
        routes.Post("/v2.1/servers", Create);
        routes.Get("/v2.1/servers/{id}", Show);
        routes.Put("/v2.1/servers/{id}", Update);
        routes.Delete("/v2.1/servers/{id}", Delete);
    }

    private async Task Create(Call call)
    {
        call.Actor.Require(Roles.Member, "os_compute_api:servers:create");
        call.Actor.Project();
        var wish = ServerInput.Read(await call.Body(), call);
        var made = await db.Write(tx => builder.Create(tx, call.Actor, wish), call.Cancel);
        if (wish.ReturnReservation)
        {
            await call.Json(202, json =>
            {
                json.WriteStartObject();
                json.WriteString("reservation_id", made[0].ReservationId);
                json.WriteEndObject();
            });
            return;
        }

        call.Http.Response.Headers.Location = Links.Self(call, "servers", made[0].Id);
        await call.Json(202, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("server");
            json.WriteString("id", made[0].Id);
            Links.Write(json, call, "servers", made[0].Id);
            json.WriteString("OS-DCF:diskConfig", made[0].DiskConfig);
            ServerWire.WriteGroups(json, wish.SecurityGroups ?? ["default"]);
            json.WriteString("adminPass", wish.AdminPass ?? builder.Word(12));
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private async Task Show(Call call)
    {
        var view = await db.Read(async r => await views.Of(r, await ServerStore.Visible(r, call.Actor, call.Route("id"))), call.Cancel);
        await Answer(call, view, ServerViewKind.Show);
    }

    private async Task Update(Call call)
    {
        var body = await call.Body();
        var input = body.Object("server");
        body.Done();
        var name = ServerFields.Name(input, required: false);
        var four = ServerFields.Address(input, "accessIPv4", AddressFamily.InterNetwork);
        var six = ServerFields.Address(input, "accessIPv6", AddressFamily.InterNetworkV6);
        var disk = input.OptionalChoice("OS-DCF:diskConfig", "AUTO", "MANUAL");
        var described = call.Version >= 19 && input.Has("description");
        var description = call.Version >= 19 ? ServerFields.Description(input) : null;
        var hostName = call.Version >= 90 ? ServerFields.HostName(input) : null;
        input.Done();
        var view = await db.Write(
            async tx =>
            {
                var server = await verbs.Change(tx, call.Actor, call.Route("id"), "update", s => s with
                {
                    Name = name ?? s.Name,
                    AccessIpV4 = four ?? s.AccessIpV4,
                    AccessIpV6 = six ?? s.AccessIpV6,
                    DiskConfig = disk ?? s.DiskConfig,
                    Description = described ? description : s.Description,
                    HostName = hostName ?? s.HostName,
                });
                return await views.Of(tx, server);
            },
            call.Cancel);
        await Answer(call, view, ServerViewKind.Update);
    }

    private async Task Delete(Call call)
    {
        await db.Write(tx => verbs.Delete(tx, call.Actor, call.Route("id")), call.Cancel);
        await call.Empty(204);
    }

    private static Task Answer(Call call, ServerView view, ServerViewKind kind) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("server");
        ServerWire.WriteFields(json, view, call, kind);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
