using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>A server's ports (Compute API reference, "Port interfaces"). Machines here take no card while they exist: 501.</summary>
internal sealed class InterfaceApi(Db db, ServerViews views)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/servers/{id}/os-interface", List);
        routes.Get("/v2.1/servers/{id}/os-interface/{port}", Show);
        routes.Post("/v2.1/servers/{id}/os-interface", Refuse);
        routes.Delete("/v2.1/servers/{id}/os-interface/{port}", Refuse);
    }

    private async Task List(Call call)
    {
        var view = await Find(call);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("interfaceAttachments");
            foreach (var port in view.Ports)
            {
                Write(json, port, call.Version);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private async Task Show(Call call)
    {
        var port = await Port(call);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("interfaceAttachment");
            Write(json, port, call.Version);
            json.WriteEndObject();
        });
    }

    private async Task Refuse(Call call)
    {
        if (call.Http.Request.Method == "DELETE")
        {
            await Port(call);
        }

        var view = await Find(call);
        ServerRules.CheckUnlocked(view.Row, call.Actor.IsAdmin);
        ServerRules.Check(view.Row, call.Http.Request.Method == "DELETE" ? "detach_interface" : "attach_interface");
        throw new Fault(501, "NotImplemented", "Machines here keep the cards that they were built with. Name all networks when you create the server.");
    }

    private async Task<PortInfo> Port(Call call)
    {
        var id = call.Route("port");
        return (await Find(call)).Ports.FirstOrDefault(p => p.Id == id)
            ?? throw Fault.NotFound($"Instance {call.Route("id")} does not have a port with id {id}");
    }

    private Task<ServerView> Find(Call call) =>
        db.Read(async r => await views.Of(r, await ServerStore.Visible(r, call.Actor, call.Route("id"))), call.Cancel);

    private static void Write(Utf8JsonWriter json, PortInfo port, int version)
    {
        json.WriteStartObject();
        json.WriteString("net_id", port.NetworkId);
        json.WriteString("port_id", port.Id);
        json.WriteString("mac_addr", port.Mac);
        json.WriteString("port_state", port.Status);
        json.WriteStartArray("fixed_ips");
        foreach (var address in port.Addresses)
        {
            json.WriteStartObject();
            json.WriteString("subnet_id", address.SubnetId);
            json.WriteString("ip_address", address.Address);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (version >= 70)
        {
            json.WriteString("tag", port.Tag);
        }

        json.WriteEndObject();
    }
}
