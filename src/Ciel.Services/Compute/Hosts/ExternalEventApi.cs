using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Keepers;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Events that another service tells about servers (Compute API reference, "Run events"): the server's keeper looks again.</summary>
internal sealed class ExternalEventApi(Db db, KeeperBook keepers)
{
    private static readonly string[] Names = ["network-changed", "network-vif-plugged", "network-vif-unplugged", "network-vif-deleted"];

    public void Map(Routes routes) => routes.Post("/v2.1/os-server-external-events", Create);

    private async Task Create(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-server-external-events:create");
        var body = await call.Body();
        var events = (body.OptionalObjects("events") ?? []).Select(e => Read(e, call.Version)).ToArray();
        body.Done();
        if (events.Length == 0)
        {
            throw Fault.BadRequest("Invalid input for field/attribute events. Value: []. [] is too short");
        }

        var known = await db.Write(
            async tx =>
            {
                var found = new HashSet<string>();
                foreach (var id in events.Select(e => e.Server).Distinct().Order(StringComparer.Ordinal))
                {
                    if (await ServerStore.Find(tx, id) is { DeletedAt: null })
                    {
                        found.Add(id);
                        await keepers.Wake(tx, id);
                    }
                }

                return found;
            },
            call.Cancel);
        await Answer(call, events, known);
    }

    private static Event Read(Input input, int version)
    {
        var name = input.OptionalChoice("name", version >= 51 ? [.. Names, "volume-extended"] : Names) ?? throw input.Refuse("name", "None", "'name' is a required property");
        var read = new Event(
            name,
            ServerFields.Uuid(input, "server_uuid", input.String("server_uuid")),
            input.OptionalChoice("status", "failed", "completed", "in-progress") ?? "completed",
            input.OptionalString("tag"));
        input.Done();
        return read;
    }

    private static Task Answer(Call call, Event[] events, HashSet<string> known)
    {
        var missing = events.Count(e => !known.Contains(e.Server));
        return missing == events.Length
            ? throw Fault.NotFound("No instances found for any event")
            : call.Many("events", events, (json, one) => Write(json, one, known.Contains(one.Server)), status: missing > 0 ? 207 : 200);
    }

    private static void Write(Utf8JsonWriter json, Event one, bool known)
    {
        json.WriteStartObject();
        json.WriteString("name", one.Name);
        json.WriteString("server_uuid", one.Server);
        json.WriteString("status", known ? one.Status : "failed");
        if (one.Tag is not null)
        {
            json.WriteString("tag", one.Tag);
        }

        json.WriteNumber("code", known ? 200 : 404);
        json.WriteEndObject();
    }

    private sealed record Event(string Name, string Server, string Status, string? Tag);
}
