using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>A server's tags, since 2.26 (Compute API reference, "Server tags").</summary>
internal sealed class TagApi(Db db, ServerVerbs verbs)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/servers/{id}/tags", List);
        routes.Put("/v2.1/servers/{id}/tags", Replace);
        routes.Delete("/v2.1/servers/{id}/tags", DeleteAll);
        routes.Get("/v2.1/servers/{id}/tags/{tag}", Show);
        routes.Put("/v2.1/servers/{id}/tags/{tag}", Add);
        routes.Delete("/v2.1/servers/{id}/tags/{tag}", Delete);
    }

    private async Task List(Call call)
    {
        call.Since(26);
        var server = await db.Read(r => ServerStore.Visible(r, call.Actor, call.Route("id")), call.Cancel);
        await Answer(call, server.TagList);
    }

    private async Task Show(Call call)
    {
        call.Since(26);
        var server = await db.Read(r => ServerStore.Visible(r, call.Actor, call.Route("id")), call.Cancel);
        if (!server.TagList.Contains(call.Route("tag")))
        {
            throw NoTag(server.Id, call.Route("tag"));
        }

        await call.Empty(204);
    }

    private async Task Replace(Call call)
    {
        call.Since(26);
        var body = await call.Body();
        if (!body.Has("tags"))
        {
            throw Fault.BadRequest("Invalid input for field/attribute tags. 'tags' is a required property");
        }

        var tags = ServerFields.Tags(body);
        body.Done();
        await Save(call, _ => [.. tags]);
        await Answer(call, tags);
    }

    private async Task Add(Call call)
    {
        call.Since(26);
        var tag = call.Route("tag");
        ServerFields.CheckTag(tag);
        var added = false;
        await Save(call, tags =>
        {
            added = !tags.Contains(tag);
            return !added ? tags
                : tags.Count < ServerFields.MaxTags ? [.. tags, tag]
                : throw Fault.BadRequest($"The number of tags exceeded the per-server limit {ServerFields.MaxTags}");
        });
        if (added)
        {
            call.Http.Response.Headers.Location = $"{Links.Self(call, "servers", call.Route("id"))}/tags/{Uri.EscapeDataString(tag)}";
        }

        await call.Empty(added ? 201 : 204);
    }

    private async Task Delete(Call call)
    {
        call.Since(26);
        var tag = call.Route("tag");
        await Save(call, tags => tags.Contains(tag) ? [.. tags.Where(t => t != tag)] : throw NoTag(call.Route("id"), tag));
        await call.Empty(204);
    }

    private async Task DeleteAll(Call call)
    {
        call.Since(26);
        await Save(call, _ => []);
        await call.Empty(204);
    }

    private Task Save(Call call, Func<List<string>, List<string>> change) => db.Write(
        async tx =>
        {
            var server = await ServerVerbs.Own(tx, call.Actor, call.Route("id"));
            var tags = change(server.TagList);
            await verbs.Change(tx, call.Actor, server.Id, "tags", s => s with { Tags = ComputeJson.List(tags) });
        },
        call.Cancel);

    private static Fault NoTag(string id, string tag) => Fault.NotFound($"Server {id} has no tag '{tag}'");

    private static Task Answer(Call call, IReadOnlyList<string> tags) => call.Many("tags", tags, (json, tag) => json.WriteStringValue(tag));
}
