using System.Text.Json;

namespace Ciel.Services.Network;

/// <summary>Routers as the API shows them (Networking API v2.0, "Routers").</summary>
internal static class RouterView
{
    public static View<Router> View { get; } = new("router", "routers",
    [
        Field.Text<Router>("id", r => r.Id, "r.id"),
        Field.Text<Router>("name", r => r.Name, "r.name"),
        Field.Text<Router>("tenant_id", r => r.ProjectId, "r.project_id"),
        Field.Flag<Router>("admin_state_up", r => r.AdminStateUp, "r.admin_state_up"),
        Field.Text<Router>("status", _ => "ACTIVE", "'ACTIVE'"),
        new Field<Router>("external_gateway_info", WriteGateway),
        Field.Text<Router>("description", r => r.Description, "r.description"),
        Field.List<Router>("availability_zones", r => r.Carried ? [NetworkView.Zone] : []),
        Field.Json<Router>("availability_zone_hints", r => r.ZoneHints),
        Field.Json<Router>("routes", r => r.Routes),
        .. Field.Common<Router>("r"),
    ]);

    private static void WriteGateway(Utf8JsonWriter json, Router router)
    {
        if (router.Gateway is not { } gateway)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("network_id", gateway.NetworkId);
        json.WriteStartArray("external_fixed_ips");
        foreach (var address in gateway.Addresses)
        {
            json.WriteStartObject();
            json.WriteString("subnet_id", address.SubnetId);
            json.WriteString("ip_address", address.Address);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("enable_snat", router.EnableSnat);
        json.WriteEndObject();
    }
}
