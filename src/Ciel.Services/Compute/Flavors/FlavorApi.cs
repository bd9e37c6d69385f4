using System.Globalization;
using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Routes of flavors (Compute API reference, "Flavors").</summary>
internal sealed class FlavorApi(Db db, Ids ids)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/flavors", call => List(call, FlavorWire.WriteBrief));
        routes.Get("/v2.1/flavors/detail", call => List(call, FlavorWire.Write));
        routes.Post("/v2.1/flavors", Create);
        routes.Get("/v2.1/flavors/{id}", Show);
        routes.Put("/v2.1/flavors/{id}", Update);
        routes.Delete("/v2.1/flavors/{id}", Delete);
    }

    private async Task List(Call call, Action<Utf8JsonWriter, Flavor, Call> write)
    {
        var page = Page.Of(call);
        var query = new ListQuery("compute_flavor", "id", FlavorStore.Columns) { Limit = page.Limit, Marker = page.Marker };
        FilterAccess(query, call);
        FilterLeast(query, call, "minRam", "memory_mib");
        FilterLeast(query, call, "minDisk", "disk_gib");
        var descending = call.Query("sort_dir") switch
        {
            null or "asc" => false,
            "desc" => true,
            var other => throw Fault.BadRequest($"Unknown sort direction, must be 'desc' or 'asc', not '{other}'"),
        };
        query.Sort(call.Query("sort_key") ?? "flavorid", descending);
        var flavors = await db.Read(r => query.Page<Flavor>(r, "*"), call.Cancel);
        await call.Many(
            "flavors",
            flavors,
            (json, flavor) => write(json, flavor, call),
            json => Links.WriteNext(json, call, "flavors", page.Next(flavors, f => f.Id)));
    }

    private static void FilterAccess(ListQuery query, Call call)
    {
        var asked = call.Actor.IsAdmin ? call.Query("is_public")?.ToLowerInvariant() : null;
        switch (asked)
        {
            case null or "true" or "t" or "1" or "on" or "yes" or "y":
                FlavorStore.OnlyUsable(query, call.Actor.ProjectId ?? "");
                break;
            case "none":
                break;
            case "false" or "f" or "0" or "off" or "no" or "n":
                query.Filter("is_public", ["false"]);
                break;
            default:
                throw Fault.BadRequest($"Invalid is_public filter [{asked}]");
        }
    }

    private static void FilterLeast(ListQuery query, Call call, string name, string column)
    {
        if (call.Query(name) is { } text)
        {
            if (!int.TryParse(text, CultureInfo.InvariantCulture, out var least))
            {
                throw Fault.BadRequest($"Invalid {name} filter [{text}]");
            }

            query.Where($"{column} >= @{name}", (name, (long)least));
        }
    }

    private async Task Show(Call call)
    {
        var flavor = await db.Read(r => FlavorStore.Visible(r, call.Actor, call.Route("id")), call.Cancel);
        await Answer(call, flavor);
    }

    private async Task Create(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-flavor-manage:create");
        var flavor = FlavorWire.Read(await call.Body(), call, ids, await db.Now(call.Cancel));
        var note = ids.Uuid();
        await db.Write(
            async tx =>
            {
                await FlavorStore.Insert(tx, flavor);
                await AuditLog.Note(tx, note, call.Actor, "create", "flavor", flavor.Id, flavor.Name);
            },
            call.Cancel);
        await Answer(call, flavor);
    }

    private async Task Update(Call call)
    {
        call.Since(55);
        call.Actor.RequireAdmin("os_compute_api:os-flavor-manage:update");
        var body = await call.Body();
        var input = body.Object("flavor");
        body.Done();
        if (!input.Has("description"))
        {
            throw Fault.BadRequest("Invalid input for field/attribute flavor. Value: {}. 'description' is a required property");
        }

        var description = FlavorWire.Description(input);
        input.Done();
        var note = ids.Uuid();
        var id = call.Route("id");
        var flavor = await db.Write(
            async tx =>
            {
                var old = await FlavorStore.Lock(tx, id);
                await FlavorStore.Describe(tx, id, description);
                await AuditLog.Note(tx, note, call.Actor, "update", "flavor", id);
                return old with { Description = description };
            },
            call.Cancel);
        await Answer(call, flavor);
    }

    private async Task Delete(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-flavor-manage:delete");
        var note = ids.Uuid();
        await db.Write(
            async tx =>
            {
                await FlavorStore.Delete(tx, call.Route("id"));
                await AuditLog.Note(tx, note, call.Actor, "delete", "flavor", call.Route("id"));
            },
            call.Cancel);
        await call.Empty(202);
    }

    private static Task Answer(Call call, Flavor flavor) => call.One("flavor", json => FlavorWire.Write(json, flavor, call));
}
