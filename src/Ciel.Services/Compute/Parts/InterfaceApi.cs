using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>A server's ports (Compute API reference, "Port interfaces").</summary>
internal sealed class InterfaceApi(Db db, ServerViews views, Attachments attachments)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/servers/{id}/os-interface", List);
        routes.Get("/v2.1/servers/{id}/os-interface/{port}", Show);
        routes.Post("/v2.1/servers/{id}/os-interface", Attach);
        routes.Delete("/v2.1/servers/{id}/os-interface/{port}", Detach);
    }

    private async Task List(Call call)
    {
        var view = await Find(call);
        await call.Many("interfaceAttachments", view.Ports, (json, port) => Write(json, port, call.Version));
    }

    private async Task Show(Call call) => await Answer(call, await Port(call));

    private async Task Attach(Call call)
    {
        var wish = InterfaceInput.Read(await call.Body(), call.Version);
        var port = await db.Write(tx => attachments.Attach(tx, call.Actor, call.Route("id"), wish), call.Cancel);
        await Answer(call, port);
    }

    private async Task Detach(Call call)
    {
        await db.Write(tx => attachments.Detach(tx, call.Actor, call.Route("id"), call.Route("port")), call.Cancel);
        await call.Empty(202);
    }

    private static Task Answer(Call call, PortInfo port) => call.One("interfaceAttachment", json => Write(json, port, call.Version));

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
