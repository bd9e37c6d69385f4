using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>The one service that runs on each node, as <c>nova-compute</c> (Compute API reference, "Compute services").</summary>
internal sealed class ServiceApi(Db db, HostBook hosts, Ids ids)
{
    private const string Binary = "nova-compute";

    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-services", List);
        routes.Put("/v2.1/os-services/{id}", Update);
        routes.Delete("/v2.1/os-services/{id}", Delete);
    }

    private async Task List(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-services:list");
        var (host, binary) = (call.Query("host"), call.Query("binary"));
        if (call.Version >= 75 && call.Http.Request.Query.Keys.FirstOrDefault(k => k is not ("host" or "binary")) is { } unknown)
        {
            throw Fault.BadRequest($"Invalid input for query parameters. Additional properties are not allowed ('{unknown}' was unexpected)");
        }

        var all = (await db.Read(hosts.All, call.Cancel)).Where(h => (host is null || h.Name == host) && binary is null or Binary);
        await call.Many("services", all, (json, row) =>
        {
            json.WriteStartObject();
            Write(json, row, call.Version);
            json.WriteEndObject();
        });
    }

    private Task Update(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-services:update");
        return call.Version >= 53 ? ById(call) : ByVerb(call);
    }

    private async Task ById(Call call)
    {
        var id = call.Route("id");
        var input = await call.Body();
        var status = input.OptionalChoice("status", "enabled", "disabled");
        var reason = input.OptionalString("disabled_reason", 1);
        var down = input.OptionalBoolean("forced_down");
        input.Done();
        if (!Guid.TryParse(id, out _))
        {
            throw Fault.BadRequest($"Invalid uuid {id}");
        }

        if ((status is null && down is null && reason is null) || (reason is not null && status != "disabled"))
        {
            throw Fault.BadRequest(reason is null
                ? "No updates were requested. Fields 'status' or 'forced_down' should be specified."
                : "Specifying disabled_reason requires that status is 'disabled'.");
        }

        var host = await Save(call, h => h.Id == id, id, h => h with
        {
            Disabled = status is null ? h.Disabled : status == "disabled",
            DisabledReason = status is null ? h.DisabledReason : reason,
            ForcedDown = down ?? h.ForcedDown,
        });
        await Answer(call, json => Write(json, host, call.Version));
    }

    private async Task ByVerb(Call call)
    {
        var verb = call.Route("id");
        if (verb is not ("enable" or "disable" or "disable-log-reason" or "force-down") || (verb == "force-down" && call.Version < 11))
        {
            throw Fault.NotFound("Unknown action");
        }

        var input = await call.Body();
        var name = input.String("host");
        var binary = input.String("binary");
        var reason = verb == "disable-log-reason" ? input.String("disabled_reason") : null;
        var down = verb == "force-down" ? input.OptionalBoolean("forced_down") : null;
        input.Done();
        var host = await Save(call, h => h.Name == name && binary == Binary, name, h => verb == "force-down"
            ? h with { ForcedDown = down ?? true }
            : h with { Disabled = verb != "enable", DisabledReason = reason });
        await Answer(call, json =>
        {
            json.WriteString("host", host.Name);
            json.WriteString("binary", Binary);
            if (verb == "force-down")
            {
                json.WriteBoolean("forced_down", host.ForcedDown);
                return;
            }

            json.WriteString("status", host.Disabled ? "disabled" : "enabled");
            if (reason is not null)
            {
                json.WriteString("disabled_reason", reason);
            }
        });
    }

    private async Task Delete(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-services:delete");
        var host = (await db.Read(hosts.All, call.Cancel)).FirstOrDefault(h => h.Id == call.Route("id") || h.Name == call.Route("id"))
            ?? throw Fault.NotFound($"Service {call.Route("id")} not found.");
        throw Fault.Conflict($"Node {host.Name} belongs to this cloud as long as its agent reports. Stop the agent on it instead.");
    }

    private async Task<HostRow> Save(Call call, Func<HostRow, bool> which, string shown, Func<HostRow, HostRow> change)
    {
        var note = ids.Uuid();
        return await db.Write(
            async tx =>
            {
                var old = (await hosts.All(tx)).FirstOrDefault(which) ?? throw Fault.NotFound($"Service {shown} not found.");
                var host = change(old) with { UpdatedAt = tx.Now };
                await HostStore.Save(tx, host);
                await AuditLog.Note(tx, note, call.Actor, "update", "host", host.Name);
                return host;
            },
            call.Cancel);
    }

    private static Task Answer(Call call, Action<Utf8JsonWriter> write) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("service");
        write(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, HostRow host, int version)
    {
        if (version >= 53)
        {
            json.WriteString("id", host.Id);
        }
        else
        {
            json.WriteNumber("id", host.Number);
        }

        json.WriteString("binary", Binary);
        json.WriteString("host", host.Name);
        json.WriteString("zone", host.Zone);
        json.WriteString("status", host.Disabled ? "disabled" : "enabled");
        json.WriteString("state", host.Alive ? "up" : "down");
        json.WriteString("updated_at", Stamp.Micro(host.UpdatedAt));
        json.WriteString("disabled_reason", host.DisabledReason);
        if (version >= 11)
        {
            json.WriteBoolean("forced_down", host.ForcedDown);
        }
    }
}
