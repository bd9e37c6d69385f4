using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>What was done to a server (Compute API reference, "Servers actions").</summary>
internal sealed class ActionLogApi(Db db)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/servers/{id}/os-instance-actions", List);
        routes.Get("/v2.1/servers/{id}/os-instance-actions/{request}", Show);
    }

    private async Task List(Call call)
    {
        var page = Page.Since(call, 58);
        var since = Time(call, "changes-since", 58);
        var before = Time(call, "changes-before", 66);
        var all = await Find(call);
        var shown = page.Behind(all, a => a.RequestId)
            .Where(a => a.UpdatedAt >= (since ?? 0) && a.UpdatedAt <= (before ?? long.MaxValue)).Take(page.Limit).ToArray();
        await call.Many(
            "instanceActions",
            shown,
            (json, action) =>
            {
                json.WriteStartObject();
                WriteFields(json, action, call.Version);
                json.WriteEndObject();
            },
            json => Links.WriteNext(json, call, "", page.Asked ? page.Next(shown, a => a.RequestId) : null));
    }

    private async Task Show(Call call)
    {
        var request = call.Route("request");
        var action = (await Find(call)).Find(a => a.RequestId == request)
            ?? throw Fault.NotFound($"Action {request} not found");
        var events = call.Actor.IsAdmin || call.Version >= 51;
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("instanceAction");
            WriteFields(json, action, call.Version);
            if (events)
            {
                json.WriteStartArray("events");
                WriteEvent(json, action, call);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    // Since 2.21 also of servers that are gone.
    private Task<List<ServerAction>> Find(Call call) => db.Read(
        async r =>
        {
            var id = call.Route("id");
            var server = await ServerStore.Find(r, id);
            var seen = server is not null && call.Actor.Sees(server.ProjectId) && (server.DeletedAt is null || call.Version >= 21);
            return seen ? await ActionStore.List(r, id) : throw ServerRules.NotFound(id);
        },
        call.Cancel);

    private static long? Time(Call call, string name, int since)
    {
        if (call.Version < since || call.Query(name) is not { } text)
        {
            return null;
        }

        return Stamp.Parse(text) ?? throw Fault.BadRequest($"Invalid input for query parameters {name}. Value: {text}. '{text}' is not a 'date-time'");
    }

    private static void WriteFields(Utf8JsonWriter json, ServerAction action, int version)
    {
        json.WriteString("action", action.Verb);
        json.WriteString("instance_uuid", action.ServerId);
        json.WriteString("request_id", action.RequestId);
        json.WriteString("user_id", action.UserId);
        json.WriteString("project_id", action.ProjectId);
        json.WriteString("start_time", Stamp.Micro(action.StartedAt));
        json.WriteString("message", action.Message);
        if (version >= 58)
        {
            json.WriteString("updated_at", Stamp.Micro(action.UpdatedAt));
        }
    }

    private static void WriteEvent(Utf8JsonWriter json, ServerAction action, Call call)
    {
        json.WriteStartObject();
        json.WriteString("event", action.Event);
        json.WriteString("start_time", Stamp.Micro(action.StartedAt));
        json.WriteString("finish_time", Stamp.Micro(action.FinishedAt));
        json.WriteString("result", action.Result);
        if (call.Actor.IsAdmin)
        {
            json.WriteNull("traceback");
        }

        if (call.Version >= 62)
        {
            json.WriteString("hostId", ServerView.HostIdOf(action.ProjectId, action.Host));
            if (call.Actor.IsAdmin)
            {
                json.WriteString("host", action.Host ?? "");
            }
        }

        if (call.Version >= 84)
        {
            json.WriteNull("details");
        }

        json.WriteEndObject();
    }
}
