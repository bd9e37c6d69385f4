using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Microsoft.AspNetCore.WebUtilities;

namespace Ciel.Services.Images.Metadefs;

/// <summary>Namespaces of metadata definitions.</summary>
internal sealed class NamespacesApi(Db db, NamespaceBook book)
{
    private const string Path = "/v2/metadefs/namespaces";

    public void Map(Routes routes)
    {
        routes.Get(Path, List);
        routes.Post(Path, Create);
        routes.Get(Path + "/{namespace}", Show);
        routes.Put(Path + "/{namespace}", Update);
        routes.Delete(Path + "/{namespace}", Delete);
    }

    private async Task List(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_metadef_namespaces");
        var query = NamespaceQuery.Read(call);
        var spaces = await db.Read(r => NamespaceStore.Page(r, call.Actor, query), call.Cancel);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("namespaces");
            foreach (var space in spaces)
            {
                MetadefWire.Write(json, space, []);
            }

            json.WriteEndArray();
            json.WriteString("first", Link(call, null));
            json.WriteString("schema", "/v2/schemas/metadefs/namespaces");
            if (spaces.Count > 0 && spaces.Count == query.Limit)
            {
                json.WriteString("next", Link(call, spaces[^1].Name));
            }

            json.WriteEndObject();
        });
    }

    private async Task Create(Call call)
    {
        call.Actor.RequireAdmin("add_metadef_namespace");
        var (space, items) = NamespaceInput.Read(await call.Body(), call.Actor);
        var made = await db.Write(tx => book.Create(tx, call.Actor, space, items), call.Cancel);
        call.Http.Response.Headers.Location = $"{call.BaseUrl}{Path}/{Uri.EscapeDataString(made.Name)}";
        await call.Json(201, json => MetadefWire.Write(json, made, items));
    }

    private async Task Show(Call call)
    {
        call.Actor.Require(Roles.Reader, "get_metadef_namespace");
        var name = call.Route("namespace");
        var (space, items) = await db.Read(async r => (await NamespaceBook.Visible(r, call.Actor, name), await ItemStore.Of(r, name)), call.Cancel);
        await call.Json(200, json => MetadefWire.Write(json, space, items));
    }

    private async Task Update(Call call)
    {
        var name = call.Route("namespace");
        // What may not be changed is told before what is wrong with the change.
        await db.Read(r => NamespaceBook.ForChange(r, call.Actor, name), call.Cancel);
        var (space, _) = NamespaceInput.Read(await call.Body(), call.Actor);
        var kept = await db.Write(tx => book.Update(tx, call.Actor, name, space), call.Cancel);
        await call.Json(200, json => MetadefWire.Write(json, kept, []));
    }

    private async Task Delete(Call call)
    {
        await db.Write(tx => book.Delete(tx, call.Actor, call.Route("namespace")), call.Cancel);
        await call.Empty(204);
    }

    private static string Link(Call call, string? marker)
    {
        var pairs = call.Http.Request.Query.Where(q => q.Key != "marker").SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)));
        return QueryHelpers.AddQueryString(Path, marker is null ? pairs : pairs.Append(KeyValuePair.Create("marker", (string?)marker)));
    }
}
