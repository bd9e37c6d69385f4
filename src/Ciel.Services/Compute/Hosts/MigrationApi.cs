using System.Globalization;
using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Resizes, for administrators (Compute API reference, "Migrations"). Machines do not move between nodes yet.</summary>
internal sealed class MigrationApi(Db db)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-migrations", List);
        routes.Get("/v2.1/servers/{id}/migrations", OfServer);
    }

    private async Task List(Call call)
    {
        call.Actor.RequireAdmin("os_compute_api:os-migrations:index");
        var page = await PageOf(call);
        var filters = MigrationStore.Columns.Keys.Where(k => call.Query(k) is not null).ToDictionary(k => k, k => call.Query(k)!);
        var moves = call.Query("migration_type") is null or "resize";
        var all = moves ? await db.Read(r => MigrationStore.List(r, filters, page), call.Cancel) : [];
        await call.Many(
            "migrations",
            all,
            (json, migration) => Write(json, migration, call.Version),
            json => Links.WriteNext(json, call, "migrations", call.Version >= 59 ? page.Next(all, m => m.Uuid) : null));
    }

    // Only live migrations under way are shown here, and none happen.
    private async Task OfServer(Call call)
    {
        call.Since(23);
        call.Actor.RequireAdmin("os_compute_api:servers:migrations:index");
        await db.Read(r => ServerStore.Visible(r, call.Actor, call.Route("id")), call.Cancel);
        await call.Many<ServerMigration>("migrations", [], (_, _) => { });
    }

    // The marker is a UUID; pages go by number.
    private async Task<Page> PageOf(Call call)
    {
        var page = Page.Since(call, 59);
        if (page.Marker is not { } marker)
        {
            return page;
        }

        var number = await db.Read(r => MigrationStore.Number(r, marker), call.Cancel) ?? throw Fault.BadRequest($"Marker {marker} could not be found.");
        return page with { Marker = number.ToString(CultureInfo.InvariantCulture) };
    }

    private static void Write(Utf8JsonWriter json, ServerMigration migration, int version)
    {
        json.WriteStartObject();
        json.WriteNumber("id", migration.Id);
        json.WriteString("source_compute", migration.Node);
        json.WriteString("dest_compute", migration.Node);
        json.WriteNull("dest_host");
        json.WriteString("status", migration.Status);
        json.WriteString("instance_uuid", migration.ServerId);
        json.WriteString("source_node", migration.Node);
        json.WriteString("dest_node", migration.Node);
        json.WriteNull("old_instance_type_id");
        json.WriteNull("new_instance_type_id");
        json.WriteString("created_at", Stamp.Micro(migration.CreatedAt));
        json.WriteString("updated_at", Stamp.Micro(migration.UpdatedAt));
        if (version >= 23)
        {
            json.WriteString("migration_type", "resize");
        }

        if (version >= 59)
        {
            json.WriteString("uuid", migration.Uuid);
        }

        if (version >= 80)
        {
            json.WriteString("user_id", migration.UserId);
            json.WriteString("project_id", migration.ProjectId);
        }

        json.WriteEndObject();
    }
}
