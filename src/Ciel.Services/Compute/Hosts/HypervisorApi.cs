using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Nodes;

namespace Ciel.Services.Compute;

/// <summary>Nodes as hypervisors, for administrators (Compute API reference, "Hypervisors").</summary>
internal sealed class HypervisorApi(Db db, HostBook hosts, INodes nodes)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-hypervisors", call => List(call, detail: false));
        routes.Get("/v2.1/os-hypervisors/detail", call => List(call, detail: true));
        routes.Get("/v2.1/os-hypervisors/statistics", Statistics);
        routes.Get("/v2.1/os-hypervisors/{id}", Show);
        routes.Get("/v2.1/os-hypervisors/{id}/uptime", ShowUptime);
        routes.Get("/v2.1/os-hypervisors/{id}/search", call => Search(call, withServers: false));
        routes.Get("/v2.1/os-hypervisors/{id}/servers", call => Search(call, withServers: true));
    }

    private async Task List(Call call, bool detail)
    {
        Check(call, detail ? "list-detail" : "list");
        var all = await db.Read(hosts.All, call.Cancel);
        if (call.Version >= 53 && call.Query("hypervisor_hostname_pattern") is { } pattern)
        {
            all = [.. all.Where(h => h.Name.Contains(pattern, StringComparison.Ordinal))];
            if (all.Count == 0)
            {
                throw Fault.NotFound($"No hypervisor matching '{pattern}' could be found.");
            }
        }

        var page = Page.Since(call, 33);
        var shown = await Told(call, [.. page.Behind(all, h => Id(h, call.Version)).Take(page.Limit)], detail);
        var servers = await Servers(call, shown, call.Version >= 53 && call.Query("with_servers")?.ToLowerInvariant() is "true" or "1");
        await call.Many(
            "hypervisors",
            shown,
            (json, host) => HypervisorWire.Write(json, host, call.Version, detail, servers?[host.Name]),
            json => Links.WriteNext(json, call, "hypervisors", call.Version >= 33 ? page.Next(shown, h => Id(h, call.Version)) : null));
    }

    private async Task Show(Call call)
    {
        Check(call, "show");
        var host = (await Told(call, [await Find(call)], detail: true))[0];
        var servers = await Servers(call, [host], call.Version >= 53 && call.Query("with_servers")?.ToLowerInvariant() is "true" or "1");
        await call.One("hypervisor", json => HypervisorWire.Write(json, host, call.Version, detail: true, servers?[host.Name]));
    }

    private async Task ShowUptime(Call call)
    {
        Check(call, "uptime");
        call.Until(87);
        var host = await Find(call);
        var uptime = await UptimeOf(host, call) ?? throw Fault.BadRequest($"Compute service of {host.Name} is unavailable at this time.");
        await call.One("hypervisor", json => HypervisorWire.WriteUptime(json, host, call.Version, uptime));
    }

    private async Task Search(Call call, bool withServers)
    {
        Check(call, withServers ? "servers" : "search");
        call.Until(52);
        var pattern = call.Route("id");
        var found = (await db.Read(hosts.All, call.Cancel)).Where(h => h.Name.Contains(pattern, StringComparison.Ordinal)).ToArray();
        if (found.Length == 0)
        {
            throw Fault.NotFound($"No hypervisor matching '{pattern}' could be found.");
        }

        var servers = await Servers(call, found, withServers);
        await call.Many("hypervisors", found, (json, host) => HypervisorWire.Write(json, host, call.Version, detail: false, servers?[host.Name]));
    }

    private async Task Statistics(Call call)
    {
        Check(call, "statistics");
        call.Until(87);
        var all = await db.Read(hosts.All, call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("hypervisor_statistics");
            json.WriteNumber("count", all.Count);
            HypervisorWire.WriteRoom(json, all);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static void Check(Call call, string what) => call.Actor.RequireAdmin("os_compute_api:os-hypervisors:" + what);

    private async Task<HostRow> Find(Call call)
    {
        var id = call.Route("id");
        if (call.Version >= 53 && !Guid.TryParse(id, out _))
        {
            throw Fault.BadRequest($"Invalid uuid {id}");
        }

        return (await db.Read(hosts.All, call.Cancel)).FirstOrDefault(h => Id(h, call.Version) == id)
            ?? throw Fault.NotFound($"Hypervisor with ID '{id}' could not be found.");
    }

    // From 2.88 the details have what was a page of its own.
    private async Task<HostRow[]> Told(Call call, HostRow[] shown, bool detail) => !detail || call.Version < 88
        ? shown
        : await Task.WhenAll(shown.Select(async h => h with { Uptime = await UptimeOf(h, call) }));

    private async Task<string?> UptimeOf(HostRow host, Call call) =>
        host.Alive && await nodes.Facts(host.Name, call.Cancel) is { } facts ? Uptime.Text(facts, await db.Now(call.Cancel)) : null;

    private async Task<Dictionary<string, List<Server>>?> Servers(Call call, IReadOnlyList<HostRow> shown, bool wanted) => !wanted ? null : await db.Read(
        async r =>
        {
            var servers = new Dictionary<string, List<Server>>();
            foreach (var host in shown)
            {
                servers[host.Name] = await HostStore.Servers(r, host.Name);
            }

            return servers;
        },
        call.Cancel);

    private static string Id(HostRow host, int version) => version >= 53 ? host.Id : host.Number.ToString(CultureInfo.InvariantCulture);
}
