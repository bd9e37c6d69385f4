using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Import;

/// <summary>Imports, their tasks, and what this service can import from and to.</summary>
internal sealed class ImportApi(Db db, Imports imports)
{
    private const int MostTasks = 1000;

    public void Map(Routes routes)
    {
        routes.Post("/v2/images/{id}/import", Import);
        routes.Get("/v2/images/{id}/tasks", OfImage);
        routes.Get("/v2/tasks", List);
        routes.Get("/v2/tasks/{task}", Show);
        routes.Get("/v2/info/import", Methods);
        routes.Get("/v2/info/stores", Stores);
    }

    private async Task Import(Call call)
    {
        var request = ImportRequest.Read(await call.Body());
        if (request.Method == ImportMethods.Copy)
        {
            call.Actor.RequireAdmin("copy_image");
        }

        await db.Write(tx => imports.Run(tx, call.Actor, call.Route("id"), request), call.Cancel);
        await call.Empty(202);
    }

    private async Task OfImage(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_image");
        var id = call.Route("id");
        var tasks = await db.Read(
            async r => await ImageStore.Visible(r, call.Actor, id) is { } image && (call.Actor.IsAdmin || image.IsOf(call.Actor))
                ? await TaskStore.OfImage(r, id)
                : throw Image.Missing(id),
            call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            TaskWire.WriteAll(json, tasks);
            json.WriteEndObject();
        });
    }

    private async Task List(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_tasks");
        var tasks = await db.Read(r => TaskStore.Visible(r, call.Actor, null, MostTasks), call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            TaskWire.WriteAll(json, tasks);
            json.WriteString("first", "/v2/tasks");
            json.WriteString("schema", "/v2/schemas/tasks");
            json.WriteEndObject();
        });
    }

    private async Task Show(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_task");
        var tasks = await db.Read(r => TaskStore.Visible(r, call.Actor, call.Route("task"), 1), call.Cancel);
        await call.Json(200, json => TaskWire.Write(json, tasks.FirstOrDefault() ?? throw Fault.NotFound($"Could not find task {call.Route("task")}.")));
    }

    private static Task Methods(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("import-methods");
        json.WriteString("description", "Import methods available.");
        json.WriteString("type", "array");
        json.WriteStrings("value", ImportMethods.All);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static Task Stores(Call call) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("stores");
        json.WriteStartObject();
        json.WriteString("id", ImageDoor.Store);
        json.WriteString("default", "true");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
