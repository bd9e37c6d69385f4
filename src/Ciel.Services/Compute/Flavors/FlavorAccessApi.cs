using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity;

namespace Ciel.Services.Compute;

/// <summary>Which projects may use a private flavor (Compute API reference, "Flavors Access").</summary>
internal sealed class FlavorAccessApi(Db db, IIdentity identity)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/flavors/{id}/os-flavor-access", List);
        routes.Post("/v2.1/flavors/{id}/action", Act);
    }

    private async Task List(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-flavor-access");
        var id = call.Route("id");
        var projects = await db.Read(
            async r =>
            {
                var flavor = await FlavorStore.Find(r, id) ?? throw FlavorStore.NotFound(id);
                return flavor.IsPublic
                    ? throw Fault.NotFound("Access list not available for public flavors.")
                    : await FlavorStore.Access(r, id);
            },
            call.Cancel);
        await Answer(call, id, projects);
    }

    private async Task Act(Call call)
    {
        var body = await call.Body();
        var verb = body.Names.FirstOrDefault() ?? "";
        if (verb is not ("addTenantAccess" or "removeTenantAccess"))
        {
            throw Fault.BadRequest($"There is no such action: {verb}. Available actions: ['addTenantAccess', 'removeTenantAccess']");
        }

        var adds = verb == "addTenantAccess";
        call.Actor.RequireAdmin("os_compute_api:os-flavor-access:" + (adds ? "add_tenant_access" : "remove_tenant_access"));
        var input = body.Object(verb);
        body.Done();
        var project = input.String("tenant");
        input.Done();
        var id = call.Route("id");
        var projects = await db.Write(
            async tx =>
            {
                await Change(tx, id, project, adds, call.Version);
                return await FlavorStore.Access(tx, id);
            },
            call.Cancel);
        await Answer(call, id, projects);
    }

    private async Task Change(Tx tx, string id, string project, bool adds, int version)
    {
        if (await identity.Project(tx, project) is null)
        {
            throw Fault.BadRequest($"Project ID {project} is not a valid project.");
        }

        var flavor = await FlavorStore.Lock(tx, id);
        if (adds && flavor.IsPublic && version >= 7)
        {
            throw Fault.Conflict("Can not add access to a public flavor.");
        }

        if (adds && !await FlavorStore.AddAccess(tx, id, project))
        {
            throw Fault.Conflict($"Flavor access already exists for flavor {id} and project {project} combination.");
        }

        if (!adds && !await FlavorStore.RemoveAccess(tx, id, project))
        {
            throw Fault.NotFound($"Flavor access not found for {id} / {project} combination.");
        }
    }

    private static Task Answer(Call call, string id, List<string> projects) => call.Many("flavor_access", projects, (json, project) =>
    {
        json.WriteStartObject();
        json.WriteString("flavor_id", id);
        json.WriteString("tenant_id", project);
        json.WriteEndObject();
    });
}
