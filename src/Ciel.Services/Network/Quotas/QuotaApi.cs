using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/quotas (Networking API v2.0, "Quotas extension").</summary>
internal sealed class QuotaApi(Db db, Ids ids)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.0/quotas", List);
        routes.Get("/v2.0/quotas/tenant", Mine);
        routes.Get("/v2.0/quotas/project", Mine);
        routes.Get("/v2.0/quotas/{project}", call => Show(call, "get_quota", (r, project) => Lines(r, project), Plain));
        routes.Get("/v2.0/quotas/{project}/default", call => Show(call, "get_quota", (r, _) => Defaults(r), Plain));
        routes.Get("/v2.0/quotas/{project}/details", call => Show(call, "get_quota", (r, project) => Lines(r, project), Details));
        routes.Get("/v2.0/quotas/{project}/details.json", call => Show(call, "get_quota", (r, project) => Lines(r, project), Details));
        routes.Put("/v2.0/quotas/{project}", Update);
        routes.Delete("/v2.0/quotas/{project}", Reset);
    }

    private static Task Mine(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("tenant");
        json.WriteString("tenant_id", call.Actor.ProjectId);
        json.WriteString("project_id", call.Actor.ProjectId);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private async Task List(Call call)
    {
        call.Actor.RequireAdmin("rule:get_quota");
        var keys = NetworkQuota.BuiltIn.Select(b => NetworkQuota.Key(b.Resource)).ToArray();
        var all = await db.Read(
            async r =>
            {
                var changed = await QuotaBook.Changed(r, keys);
                var result = new List<(string Project, IReadOnlyList<QuotaLine> Lines)>();
                foreach (var project in changed)
                {
                    result.Add((project, await Lines(r, project)));
                }

                return result;
            },
            call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("quotas");
            foreach (var (project, lines) in all)
            {
                json.WriteStartObject();
                foreach (var line in lines)
                {
                    Plain(json, line);
                }

                json.WriteString("tenant_id", project);
                json.WriteString("project_id", project);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private async Task Show(Call call, string rule, Func<Reader, string, Task<IReadOnlyList<QuotaLine>>> read, Action<Utf8JsonWriter, QuotaLine> write)
    {
        var project = ProjectOf(call);
        if (!call.Actor.IsAdmin && project != call.Actor.ProjectId)
        {
            throw Inputs.NotAllowed(rule);
        }

        await Answer(call, await db.Read(r => read(r, project), call.Cancel), write);
    }

    private async Task Update(Call call)
    {
        call.Actor.RequireAdmin("rule:update_quota");
        var project = ProjectOf(call);
        var input = (await call.Body()).OptionalObject("quota") ?? throw Fault.BadRequest("Unable to find 'quota' in request body");
        var limits = NetworkQuota.BuiltIn.Where(b => input.Has(b.Resource))
            .Select(b => (b.Resource, Limit: input.Integer(b.Resource, -1, int.MaxValue))).ToArray();
        _ = input.Raw("tenant_id");
        _ = input.Raw("project_id");
        _ = input.OptionalBoolean("force");
        input.Done();
        await db.Write(
            async tx =>
            {
                foreach (var (resource, limit) in limits)
                {
                    await QuotaBook.Set(tx, project, NetworkQuota.Key(resource), limit);
                }

                await AuditLog.Note(tx, ids.Uuid(), call.Actor, "update", "quota", project);
            },
            call.Cancel);
        await Answer(call, await db.Read(r => Lines(r, project), call.Cancel), Plain);
    }

    private async Task Reset(Call call)
    {
        call.Actor.RequireAdmin("rule:delete_quota");
        var project = ProjectOf(call);
        await db.Write(
            async tx =>
            {
                foreach (var (resource, _) in NetworkQuota.BuiltIn)
                {
                    await QuotaBook.Set(tx, project, NetworkQuota.Key(resource), null);
                }

                await AuditLog.Note(tx, ids.Uuid(), call.Actor, "delete", "quota", project);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private static string ProjectOf(Call call) => call.Route("project") is { Length: <= 64 } project && !project.Contains('\0', StringComparison.Ordinal)
        ? project
        : throw Fault.NotFound("The resource could not be found.");

    private static async Task<IReadOnlyList<QuotaLine>> Lines(Reader reader, string project)
    {
        var lines = new List<QuotaLine>();
        foreach (var (resource, limit) in NetworkQuota.BuiltIn)
        {
            lines.Add(await QuotaBook.Line(reader, project, NetworkQuota.Key(resource), limit) with { Resource = resource });
        }

        return lines;
    }

    private static async Task<IReadOnlyList<QuotaLine>> Defaults(Reader reader)
    {
        var lines = new List<QuotaLine>();
        foreach (var (resource, limit) in NetworkQuota.BuiltIn)
        {
            lines.Add(new QuotaLine(resource, 0, await QuotaBook.Default(reader, NetworkQuota.Key(resource), limit)));
        }

        return lines;
    }

    private static void Plain(Utf8JsonWriter json, QuotaLine line) => json.WriteNumber(line.Resource, line.Hard);

    private static void Details(Utf8JsonWriter json, QuotaLine line)
    {
        json.WriteStartObject(line.Resource);
        json.WriteNumber("limit", line.Hard);
        json.WriteNumber("used", line.Used);
        json.WriteNumber("reserved", 0);
        json.WriteEndObject();
    }

    private static Task Answer(Call call, IReadOnlyList<QuotaLine> lines, Action<Utf8JsonWriter, QuotaLine> write) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("quota");
        foreach (var line in lines)
        {
            write(json, line);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });
}
