using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>What there is of zones, service providers and free addresses.</summary>
internal sealed class AvailabilityApi(Db db)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.0/availability_zones", Zones);
        routes.Get("/v2.0/service-providers", Providers);
        routes.Get("/v2.0/network-ip-availabilities", call => Addresses(call, null));
        routes.Get("/v2.0/network-ip-availabilities/{id}", call => Addresses(call, call.Route("id")));
    }

    private static Task Zones(Call call) => call.Many("availability_zones", (string[])["network", "router"], (json, resource) =>
    {
        json.WriteStartObject();
        json.WriteString("name", NetworkView.Zone);
        json.WriteString("resource", resource);
        json.WriteString("state", "available");
        json.WriteEndObject();
    });

    private static Task Providers(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("service_providers");
        json.WriteStartObject();
        json.WriteString("service_type", "L3_ROUTER_NAT");
        json.WriteString("name", "ciel");
        json.WriteBoolean("default", true);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private async Task Addresses(Call call, string? id)
    {
        call.Actor.RequireAdmin("rule:get_network_ip_availability");
        var networks = await db.Read(r => NetworkStore.All(r, id), call.Cancel);
        var wanted = networks.Where(n => Matches(call, "network_id", n.Id) && Matches(call, "network_name", n.Name) && Matches(call, "project_id", n.ProjectId)).ToArray();
        if (id is not null && wanted.Length == 0)
        {
            throw Faults.NetworkNotFound(id);
        }

        var ids = wanted.Select(n => n.Id).ToArray();
        var (subnets, used) = await db.Read(
            async r => ((await SubnetStore.OfNetworks(r, ids)).ToLookup(s => s.NetworkId), await Ipam.Used(r, ids)),
            call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            if (id is not null)
            {
                json.WritePropertyName("network_ip_availability");
                Write(json, wanted[0], [.. subnets[id]], used);
            }
            else
            {
                json.WriteStartArray("network_ip_availabilities");
                foreach (var network in wanted)
                {
                    Write(json, network, [.. subnets[network.Id]], used);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        });
    }

    private static bool Matches(Call call, string name, string value) => call.Query(name) is not { } wanted || wanted == value;

    private static void Write(Utf8JsonWriter json, Network network, Subnet[] subnets, Dictionary<string, long> used)
    {
        json.WriteStartObject();
        json.WriteString("network_id", network.Id);
        json.WriteString("network_name", network.Name);
        json.WriteString("tenant_id", network.ProjectId);
        json.WriteString("project_id", network.ProjectId);
        WriteTotals(json, subnets, used);
        json.WriteStartArray("subnet_ip_availability");
        foreach (var subnet in subnets)
        {
            json.WriteStartObject();
            json.WriteString("subnet_id", subnet.Id);
            json.WriteString("subnet_name", subnet.Name);
            json.WriteString("cidr", subnet.Cidr);
            json.WriteNumber("ip_version", subnet.IpVersion);
            WriteTotals(json, [subnet], used);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTotals(Utf8JsonWriter json, Subnet[] subnets, Dictionary<string, long> used)
    {
        var total = subnets.SelectMany(s => NetworkJson.Pools(s.AllocationPools)).Aggregate(BigInteger.Zero, (sum, pool) => sum + (BigInteger)Pools.Size(pool));
        json.WritePropertyName("total_ips");
        json.WriteRawValue(total.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("used_ips", subnets.Sum(s => used.GetValueOrDefault(s.Id)));
    }
}
