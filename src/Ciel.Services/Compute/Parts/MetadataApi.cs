using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>A server's metadata (Compute API reference, "Server metadata").</summary>
internal sealed class MetadataApi(Db db, ServerVerbs verbs)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/servers/{id}/metadata", List);
        routes.Post("/v2.1/servers/{id}/metadata", call => Change(call, replace: false));
        routes.Put("/v2.1/servers/{id}/metadata", call => Change(call, replace: true));
        routes.Get("/v2.1/servers/{id}/metadata/{key}", Show);
        routes.Put("/v2.1/servers/{id}/metadata/{key}", SetOne);
        routes.Delete("/v2.1/servers/{id}/metadata/{key}", Delete);
    }

    private async Task List(Call call)
    {
        var server = await Find(call);
        await MetadataItems.Answer(call, server.MetadataMap);
    }

    private async Task Show(Call call)
    {
        var metadata = (await Find(call)).MetadataMap;
        await MetadataItems.AnswerOne(call, call.Route("key"), metadata.GetValueOrDefault(call.Route("key")) ?? throw MetadataItems.NoItem());
    }

    private async Task Change(Call call, bool replace)
    {
        var body = await call.Body();
        if (!body.Has("metadata") || body.IsNull("metadata"))
        {
            throw MetadataItems.Required("metadata");
        }

        var items = ServerFields.Metadata(body, "metadata");
        body.Done();
        var all = await Save(call, old => replace ? new(items) : new(old.Concat(items).GroupBy(i => i.Key).Select(g => g.Last())));
        await MetadataItems.Answer(call, all);
    }

    private async Task SetOne(Call call)
    {
        var (key, value) = await MetadataItems.ReadOne(call);
        await Save(call, old => new(old) { [key] = value });
        await MetadataItems.AnswerOne(call, key, value);
    }

    private async Task Delete(Call call)
    {
        await Save(call, old =>
        {
            var left = new Dictionary<string, string>(old);
            return left.Remove(call.Route("key")) ? left : throw MetadataItems.NoItem();
        });
        await call.Empty(204);
    }

    private async Task<Dictionary<string, string>> Save(Call call, Func<Dictionary<string, string>, Dictionary<string, string>> change) => await db.Write(
        async tx =>
        {
            var server = await ServerVerbs.Own(tx, call.Actor, call.Route("id"));
            ServerRules.CheckUnlocked(server, call.Actor.IsAdmin);
            var all = change(server.MetadataMap);
            await ServerParts.CheckMetadata(tx, server.ProjectId, all.Count);
            await verbs.Change(tx, call.Actor, server.Id, "metadata", s => s with { Metadata = ComputeJson.Map(all) });
            return all;
        },
        call.Cancel);

    private Task<Server> Find(Call call) => db.Read(r => ServerStore.Visible(r, call.Actor, call.Route("id")), call.Cancel);
}
