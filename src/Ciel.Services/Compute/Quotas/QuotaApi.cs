using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Services.Identity;

namespace Ciel.Services.Compute;

/// <summary>How much of compute each project may have (Compute API reference, "Quota sets").</summary>
internal sealed class QuotaApi(Db db, IIdentity identity, Ids ids)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-quota-sets/{project}", call => Show(call, detail: false));
        routes.Get("/v2.1/os-quota-sets/{project}/detail", call => Show(call, detail: true));
        routes.Get("/v2.1/os-quota-sets/{project}/defaults", Defaults);
        routes.Put("/v2.1/os-quota-sets/{project}", Update);
        routes.Delete("/v2.1/os-quota-sets/{project}", Delete);
    }

    private async Task Show(Call call, bool detail)
    {
        var project = Own(call, detail ? "detail" : "show");
        var lines = await db.Read(r => Lines(r, project, call.Version), call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("quota_set");
            json.WriteString("id", project);
            foreach (var line in lines)
            {
                if (!detail)
                {
                    json.WriteNumber(ComputeQuotas.Name(line.Resource), line.Hard);
                    continue;
                }

                json.WriteStartObject(ComputeQuotas.Name(line.Resource));
                json.WriteNumber("limit", line.Hard);
                json.WriteNumber("in_use", line.Used);
                json.WriteNumber("reserved", 0);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private async Task Defaults(Call call)
    {
        var lines = await db.Read(r => QuotaFields.Defaults(r, QuotaFields.OfSets(call.Version)), call.Cancel);
        await QuotaFields.Answer(call, "quota_set", call.Route("project"), lines);
    }

    private async Task Update(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-quota-sets:update");
        var project = call.Route("project");
        await CheckProject(call, project);
        var body = await call.Body();
        var input = body.Object("quota_set");
        body.Done();
        var force = input.OptionalBoolean("force") ?? false;
        input.OptionalString("tenant_id");
        var limits = QuotaFields.Read(input, QuotaFields.OfSets(call.Version));
        input.Done();
        var note = ids.Uuid();
        var lines = await db.Write(
            async tx =>
            {
                foreach (var (resource, limit) in limits)
                {
                    await CheckUsed(tx, project, resource, limit, force);
                    await QuotaBook.Set(tx, project, resource, limit);
                }

                await AuditLog.Note(tx, note, call.Actor, "update", "compute.quota", project);
                return await Lines(tx, project, call.Version);
            },
            call.Cancel);
        await QuotaFields.Answer(call, "quota_set", null, [.. lines.Select(l => (l.Resource, l.Hard))]);
    }

    private async Task Delete(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-quota-sets:delete");
        var project = call.Route("project");
        var note = ids.Uuid();
        await db.Write(
            async tx =>
            {
                foreach (var resource in ComputeQuotas.Defaults.Keys)
                {
                    await QuotaBook.Set(tx, project, resource, null);
                }

                await AuditLog.Note(tx, note, call.Actor, "delete", "compute.quota", project);
            },
            call.Cancel);
        await call.Empty(202);
    }

    private static string Own(Call call, string what)
    {
        var project = call.Route("project");
        if (!call.Actor.Sees(project))
        {
            throw Actor.NotAllowed("os_compute_api:os-quota-sets:" + what);
        }

        return project;
    }

    private async Task CheckProject(Call call, string project)
    {
        if (await db.Read(r => identity.Project(r, project), call.Cancel) is null)
        {
            throw Fault.BadRequest($"Project ID {project} is not a valid project.");
        }
    }

    private static async Task CheckUsed(Tx tx, string project, string resource, long limit, bool force)
    {
        var line = await QuotaBook.Line(tx, project, resource, ComputeQuotas.Defaults[resource]);
        if (!force && limit >= 0 && limit < line.Used)
        {
            throw Fault.BadRequest($"Quota limit {limit} for {ComputeQuotas.Name(resource)} must be greater than or equal to already used and reserved {line.Used}.");
        }
    }

    private static async Task<List<QuotaLine>> Lines(Reader reader, string project, int version)
    {
        var lines = new List<QuotaLine>();
        foreach (var resource in QuotaFields.OfSets(version))
        {
            lines.Add(await QuotaBook.Line(reader, project, resource, ComputeQuotas.Defaults[resource]));
        }

        return lines;
    }
}
