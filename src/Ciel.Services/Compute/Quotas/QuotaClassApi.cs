using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>The cloud's own default limits: the class <c>default</c> (Compute API reference, "Quota class sets").</summary>
internal sealed class QuotaClassApi(Db db, Ids ids)
{
    private const string Only = "default";

    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-quota-class-sets/{id}", Show);
        routes.Put("/v2.1/os-quota-class-sets/{id}", Update);
    }

    private async Task Show(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-quota-class-sets:show");
        var lines = await db.Read(r => QuotaFields.Defaults(r, QuotaFields.OfClasses(call.Version)), call.Cancel);
        await QuotaFields.Answer(call, "quota_class_set", call.Route("id"), lines);
    }

    private async Task Update(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-quota-class-sets:update");
        if (call.Route("id") != Only)
        {
            throw Fault.BadRequest("There is one quota class here: 'default'.");
        }

        var body = await call.Body();
        var input = body.Object("quota_class_set");
        body.Done();
        var limits = QuotaFields.Read(input, QuotaFields.OfClasses(call.Version));
        input.Done();
        var note = ids.Uuid();
        var lines = await db.Write(
            async tx =>
            {
                foreach (var (resource, limit) in limits)
                {
                    await QuotaBook.SetDefault(tx, resource, limit);
                }

                await AuditLog.Note(tx, note, call.Actor, "update", "compute.quota", Only);
                return await QuotaFields.Defaults(tx, QuotaFields.OfClasses(call.Version));
            },
            call.Cancel);
        await QuotaFields.Answer(call, "quota_class_set", null, lines);
    }
}
