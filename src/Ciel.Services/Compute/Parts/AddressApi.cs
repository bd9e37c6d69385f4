using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>A server's addresses (Compute API reference, "Servers IPs").</summary>
internal sealed class AddressApi(Db db, ServerViews views)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/servers/{id}/ips", List);
        routes.Get("/v2.1/servers/{id}/ips/{network}", Show);
    }

    private async Task List(Call call)
    {
        var view = await Find(call);
        await call.One("addresses", json => AddressWire.Write(json, view.Ports, extended: false));
    }

    private async Task Show(Call call)
    {
        var name = call.Route("network");
        var ports = (await Find(call)).Ports.Where(p => p.NetworkName == name).ToArray();
        if (ports.Length == 0)
        {
            throw Fault.NotFound("Network " + name + " could not be found.");
        }

        await call.One(name, json => AddressWire.WriteNetwork(json, ports, extended: false));
    }

    private Task<ServerView> Find(Call call) =>
        db.Read(async r => await views.Of(r, await ServerStore.Visible(r, call.Actor, call.Route("id"))), call.Cancel);
}
