using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Moves between nodes: none happen yet, so the list is empty (Compute API reference, "Migrations").</summary>
internal sealed class MigrationApi(Db db)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-migrations", call =>
        {
            call.Actor.RequireAdmin("os_compute_api:os-migrations:index");
            return Empty(call);
        });
        routes.Get("/v2.1/servers/{id}/migrations", async call =>
        {
            call.Since(23);
            call.Actor.RequireAdmin("os_compute_api:servers:migrations:index");
            await db.Read(r => ServerStore.Visible(r, call.Actor, call.Route("id")), call.Cancel);
            await Empty(call);
        });
    }

    private static Task Empty(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("migrations");
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
