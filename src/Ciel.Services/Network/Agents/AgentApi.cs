using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Network;

/// <summary>
/// /v2.0/agents and the scheduling of DHCP: for admins. A node serves each network whose ports it has, so every node can serve every network with
/// DHCP; an admin may also have a network served where it has no port yet.
/// </summary>
internal sealed class AgentApi(Db db, INodes nodes, Wakes wakes, Ids ids)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.0/agents", List);
        routes.Get("/v2.0/agents/{id}", Show);
        routes.Get("/v2.0/networks/{id}/dhcp-agents", OfNetwork);
        routes.Get("/v2.0/agents/{id}/dhcp-networks", Networks);
        routes.Post("/v2.0/agents/{id}/dhcp-networks", Add);
        routes.Delete("/v2.0/agents/{id}/dhcp-networks/{network}", Remove);
    }

    private async Task List(Call call)
    {
        var all = call.Actor.IsAdmin ? await db.Read(nodes.List, call.Cancel) : [];
        await Answer(call, [.. all.Where(n => Matches(call, "id", n.Id) && Matches(call, "host", n.Facts.Name) && Matches(call, "agent_type", "DHCP agent")
            && Matches(call, "alive", n.Up ? "true" : "false"))]);
    }

    private async Task Show(Call call)
    {
        var node = await NodeOf(call);
        await call.One("agent", json => AgentView.Write(json, node, Listing.FieldsOf(call)));
    }

    private async Task OfNetwork(Call call)
    {
        call.Actor.RequireAdmin("rule:get_dhcp-agents");
        var id = call.Route("id");
        var all = await db.Read(
            async r =>
            {
                _ = await NetworkStore.Find(r, id) ?? throw Faults.NetworkNotFound(id);
                var hosts = await PartStore.DhcpHosts(r, id);
                return (await nodes.List(r)).Where(n => hosts is null || hosts.Contains(n.Facts.Name)).ToArray();
            },
            call.Cancel);
        await Answer(call, all);
    }

    private async Task Networks(Call call)
    {
        call.Actor.RequireAdmin("rule:get_dhcp-networks");
        var node = await NodeOf(call);
        var networks = await db.Read(r => PartStore.DhcpNetworks(r, node.Facts.Name), call.Cancel);
        await call.Many("networks", networks, (json, network) => NetworkView.View.Write(json, network, call.Actor, []));
    }

    private async Task Add(Call call)
    {
        call.Actor.RequireAdmin("rule:create_dhcp-network");
        var node = await NodeOf(call);
        var body = await call.Body();
        var network = body.Id("network_id");
        body.Done();
        await Pin(call, node, network, true);
        await call.Empty(201);
    }

    private async Task Remove(Call call)
    {
        call.Actor.RequireAdmin("rule:delete_dhcp-network");
        await Pin(call, await NodeOf(call), call.Route("network"), false);
        await call.Empty(204);
    }

    private Task Pin(Call call, NodeInfo node, string network, bool pinned) => db.Write(
        async tx =>
        {
            if (!await NetworkStore.Table.Lock(tx, network))
            {
                throw Faults.NetworkNotFound(network);
            }

            await PartStore.Pin(tx, network, node.Facts.Name, pinned);
            await wakes.Network(tx, network);
            await AuditLog.Note(tx, ids.Uuid(), call.Actor, pinned ? "schedule" : "unschedule", "network", network, node.Facts.Name);
        },
        call.Cancel);

    private async Task<NodeInfo> NodeOf(Call call)
    {
        var id = call.Route("id");
        var found = call.Actor.IsAdmin ? (await db.Read(nodes.List, call.Cancel)).FirstOrDefault(n => n.Id == id) : null;
        return found ?? throw Fault.NotFound($"Agent {id} could not be found.", "AgentNotFound");
    }

    private static bool Matches(Call call, string name, string value) =>
        call.Query(name) is not { } wanted || wanted.Equals(value, StringComparison.OrdinalIgnoreCase);

    private static Task Answer(Call call, IReadOnlyList<NodeInfo> all) =>
        call.Many("agents", all, (json, node) => AgentView.Write(json, node, Listing.FieldsOf(call)));
}
