using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Metadefs;

/// <summary>Objects, properties and associations with resource types, which all work alike.</summary>
internal sealed class ItemsApi(Db db, ItemBook book)
{
    private const string Path = "/v2/metadefs/namespaces/{namespace}/";

    public void Map(Routes routes)
    {
        foreach (var kind in (string[])[Kinds.Objects, Kinds.Properties, Kinds.ResourceTypes])
        {
            routes.Get(Path + kind, call => List(call, kind));
            routes.Post(Path + kind, call => Create(call, kind));
            routes.Delete($"{Path}{kind}/{{name}}", call => Delete(call, kind));
        }

        foreach (var kind in (string[])[Kinds.Objects, Kinds.Properties])
        {
            routes.Get($"{Path}{kind}/{{name}}", call => Show(call, kind));
            routes.Put($"{Path}{kind}/{{name}}", call => Update(call, kind));
            routes.Delete(Path + kind, call => DeleteAll(call, kind));
        }

        routes.Get("/v2/metadefs/resource_types", ResourceTypes);
    }

    private async Task List(Call call, string kind)
    {
        call.Actor.Require(Roles.Reader, "get_metadef_" + kind);
        var items = await db.Read(r => ItemBook.List(r, call.Actor, call.Route("namespace"), kind), call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            MetadefWire.WriteAll(json, kind == Kinds.ResourceTypes ? "resource_type_associations" : kind, kind, items);
            if (kind == Kinds.Objects)
            {
                json.WriteString("first", $"/v2/metadefs/namespaces/{call.Route("namespace")}/objects");
                json.WriteString("schema", "/v2/schemas/metadefs/objects");
            }

            json.WriteEndObject();
        });
    }

    private async Task Create(Call call, string kind)
    {
        var item = await Read(call, kind);
        var made = await db.Write(tx => book.Create(tx, call.Actor, item), call.Cancel);
        call.Http.Response.Headers.Location = $"{call.BaseUrl}/v2/metadefs/namespaces/{Uri.EscapeDataString(made.Namespace)}/{kind}/{Uri.EscapeDataString(made.Name)}";
        await call.Json(201, json => MetadefWire.Write(json, made));
    }

    private async Task Show(Call call, string kind)
    {
        call.Actor.Require(Roles.Reader, "get_metadef_" + kind);
        var item = await db.Read(r => ItemBook.Show(r, call.Actor, call.Route("namespace"), kind, call.Route("name")), call.Cancel);
        await call.Json(200, json => MetadefWire.Write(json, item));
    }

    private async Task Update(Call call, string kind)
    {
        var item = await Read(call, kind);
        var kept = await db.Write(tx => book.Update(tx, call.Actor, call.Route("name"), item), call.Cancel);
        await call.Json(200, json => MetadefWire.Write(json, kept));
    }

    private async Task Delete(Call call, string kind)
    {
        await db.Write(tx => book.Delete(tx, call.Actor, call.Route("namespace"), kind, call.Route("name")), call.Cancel);
        await call.Empty(204);
    }

    private async Task DeleteAll(Call call, string kind)
    {
        await db.Write(tx => book.DeleteAll(tx, call.Actor, call.Route("namespace"), kind), call.Cancel);
        await call.Empty(204);
    }

    private async Task ResourceTypes(Call call)
    {
        call.Actor.Require(Roles.Reader, "list_metadef_resource_types");
        var used = await db.Read(ItemStore.ResourceTypes, call.Cancel);
        var now = ImageWire.Instant(await db.Now(call.Cancel));
        await call.Many("resource_types", Kinds.WellKnown.Union(used).Order(StringComparer.Ordinal), (json, name) =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("created_at", now);
            json.WriteString("updated_at", now);
            json.WriteEndObject();
        });
    }

    private async Task<Item> Read(Call call, string kind)
    {
        await db.Read(r => NamespaceBook.ForChange(r, call.Actor, call.Route("namespace")), call.Cancel);
        return ItemInput.Read(await call.Body(), call.Route("namespace"), kind);
    }
}
