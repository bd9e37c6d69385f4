using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>Small pages under a server: its groups, volumes, diagnostics and NUMA topology.</summary>
internal sealed class SmallPartsApi(Db db, INetworks networks, Pages pages, DiagnosticsApi diagnostics)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/servers/{id}/os-security-groups", Groups);
        routes.Get("/v2.1/servers/{id}/os-volume_attachments", call => Empty(call, "volumeAttachments"));
        routes.Get("/v2.1/servers/{id}/os-volume_attachments/{volume}", NoVolume);
        routes.Post("/v2.1/servers/{id}/os-volume_attachments", NoVolumes);
        routes.Put("/v2.1/servers/{id}/os-volume_attachments/{volume}", NoVolume);
        routes.Delete("/v2.1/servers/{id}/os-volume_attachments/{volume}", NoVolume);
        routes.Get("/v2.1/servers/{id}/diagnostics", diagnostics.Show);
        routes.Get("/v2.1/servers/{id}/topology", Topology);
        routes.Post("/v2.1/servers/{id}/remote-consoles", NoConsole);
    }

    private async Task Groups(Call call)
    {
        var own = await db.Read(
            async r =>
            {
                var server = await ServerStore.Visible(r, call.Actor, call.Route("id"));
                var ports = (await ServerStore.Nics(r, server.Id)).Select(n => n.PortId).ToArray();
                return (await networks.GroupsOf(r, ports)).Values.SelectMany(g => g).Select(g => g.Id).ToHashSet();
            },
            call.Cancel);
        var all = await pages.List(call, Pages.Groups);
        var names = GroupPagesWire.Names(all);
        var shown = all.Where(g => own.Contains(g.GetProperty("id").GetString()!));
        await call.Many("security_groups", shown, (json, group) => GroupPagesWire.Write(json, group, names));
    }

    private async Task Empty(Call call, string name)
    {
        await Find(call);
        await call.Many<object>(name, [], (_, _) => { });
    }

    private async Task NoVolume(Call call)
    {
        await Find(call);
        throw Fault.NotFound($"volume_id not found: {call.Route("volume")}");
    }

    private async Task NoVolumes(Call call)
    {
        await Find(call);
        var body = await call.Body();
        var id = body.Object("volumeAttachment").String("volumeId");
        throw Fault.NotFound($"Volume {id} could not be found.");
    }

    private async Task Topology(Call call)
    {
        call.Since(78);
        await Find(call);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("nodes");
            json.WriteEndArray();
            json.WriteNull("pagesize_kb");
            json.WriteEndObject();
        });
    }

    private async Task NoConsole(Call call)
    {
        call.Since(6);
        await Find(call);
        throw Fault.BadRequest("Unavailable console type: no graphical consoles are offered here; read the log with os-getConsoleOutput.");
    }

    private Task<Server> Find(Call call) => db.Read(r => ServerStore.Visible(r, call.Actor, call.Route("id")), call.Cancel);
}
