using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Networks in Nova's words, until 2.35 (Compute API reference, "Networks" and "Tenant networks").</summary>
internal sealed class NetworkPagesApi(Pages pages)
{
    // What Neutron's networks do not have, and Nova's once had.
    private static readonly string[] Absent =
    [
        "bridge", "bridge_interface", "broadcast", "cidr", "cidr_v6", "created_at", "deleted", "deleted_at", "dhcp_server", "dhcp_start", "dns1",
        "dns2", "enable_dhcp", "gateway", "gateway_v6", "host", "injected", "mtu", "multi_host", "netmask", "netmask_v6", "priority", "project_id",
        "rxtx_base", "share_address", "updated_at", "vlan", "vpn_private_address", "vpn_public_address", "vpn_public_port",
    ];

    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-networks", call => List(call, Write));
        routes.Get("/v2.1/os-networks/{id}", call => Show(call, Write));
        routes.Get("/v2.1/os-tenant-networks", call => List(call, WriteTenant));
        routes.Get("/v2.1/os-tenant-networks/{id}", call => Show(call, WriteTenant));
    }

    private async Task List(Call call, Action<Utf8JsonWriter, JsonElement> write)
    {
        call.Until(35);
        var all = await pages.List(call, Pages.Networks);
        await call.Many("networks", all, write);
    }

    private async Task Show(Call call, Action<Utf8JsonWriter, JsonElement> write)
    {
        call.Until(35);
        var network = await pages.One(call, Pages.Networks, call.Route("id"), "Network not found");
        await call.One("network", json => write(json, network));
    }

    private static void Write(Utf8JsonWriter json, JsonElement network)
    {
        json.WriteStartObject();
        json.WriteString("id", network.GetProperty("id").GetString());
        json.WriteString("label", network.GetProperty("name").GetString());
        foreach (var name in Absent)
        {
            json.WriteNull(name);
        }

        json.WriteEndObject();
    }

    private static void WriteTenant(Utf8JsonWriter json, JsonElement network)
    {
        json.WriteStartObject();
        json.WriteString("id", network.GetProperty("id").GetString());
        json.WriteString("cidr", "None");
        json.WriteString("label", network.GetProperty("name").GetString());
        json.WriteEndObject();
    }
}
