using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images.Metadefs;

/// <summary>Tags of namespaces: named in the route, or many at once.</summary>
internal sealed class MetadefTagsApi(Db db, ItemBook book)
{
    private const string Path = "/v2/metadefs/namespaces/{namespace}/tags";

    public void Map(Routes routes)
    {
        routes.Get(Path, List);
        routes.Post(Path, CreateAll);
        routes.Delete(Path, DeleteAll);
        routes.Post(Path + "/{name}", Create);
        routes.Get(Path + "/{name}", Show);
        routes.Put(Path + "/{name}", Rename);
        routes.Delete(Path + "/{name}", Delete);
    }

    private async Task List(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_metadef_tags");
        var tags = await db.Read(r => ItemBook.List(r, call.Actor, call.Route("namespace"), Kinds.Tags), call.Cancel);
        await WriteAll(call, 200, tags);
    }

    private async Task CreateAll(Call call)
    {
        var space = call.Route("namespace");
        await db.Read(r => NamespaceBook.ForChange(r, call.Actor, space), call.Cancel);
        var body = await call.Body();
        var tags = (body.OptionalObjects("tags") ?? throw Fault.BadRequest("The body needs \"tags\", a list of objects with a name."))
            .Select(t => ItemInput.Read(t, space, Kinds.Tags)).ToArray();
        body.Done();
        var append = call.Http.Request.Headers["X-Openstack-Append"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
        await WriteAll(call, 201, await db.Write(tx => book.CreateAll(tx, call.Actor, space, Kinds.Tags, tags, append), call.Cancel));
    }

    private async Task DeleteAll(Call call)
    {
        await db.Write(tx => book.DeleteAll(tx, call.Actor, call.Route("namespace"), Kinds.Tags), call.Cancel);
        await call.Empty(204);
    }

    private async Task Create(Call call)
    {
        var name = call.Route("name");
        if (name.Length > 80)
        {
            throw Fault.BadRequest("A tag has at most 80 characters.");
        }

        var tag = new Item { Namespace = call.Route("namespace"), Kind = Kinds.Tags, Name = name, Body = "{}" };
        var made = await db.Write(tx => book.Create(tx, call.Actor, tag), call.Cancel);
        await call.Json(201, json => MetadefWire.Write(json, made));
    }

    private async Task Show(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_metadef_tag");
        var tag = await db.Read(r => ItemBook.Show(r, call.Actor, call.Route("namespace"), Kinds.Tags, call.Route("name")), call.Cancel);
        await call.Json(200, json => MetadefWire.Write(json, tag));
    }

    private async Task Rename(Call call)
    {
        await db.Read(r => NamespaceBook.ForChange(r, call.Actor, call.Route("namespace")), call.Cancel);
        var changed = ItemInput.Read(await call.Body(), call.Route("namespace"), Kinds.Tags);
        var kept = await db.Write(tx => book.Update(tx, call.Actor, call.Route("name"), changed), call.Cancel);
        await call.Json(200, json => MetadefWire.Write(json, kept));
    }

    private async Task Delete(Call call)
    {
        await db.Write(tx => book.Delete(tx, call.Actor, call.Route("namespace"), Kinds.Tags, call.Route("name")), call.Cancel);
        await call.Empty(204);
    }

    private static Task WriteAll(Call call, int status, IReadOnlyList<Item> tags) => call.Json(status, json =>
    {
        json.WriteStartObject();
        MetadefWire.WriteAll(json, Kinds.Tags, Kinds.Tags, tags);
        json.WriteString("first", $"/v2/metadefs/namespaces/{call.Route("namespace")}/tags");
        json.WriteString("schema", "/v2/schemas/metadefs/tags");
        json.WriteEndObject();
    });
}
