using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/{collection}/{id}/tags of one collection (Networking API v2.0, "Tag extension").</summary>
internal sealed class TagsApi<T>(Db db, Ids ids, ResourceApi<T> api)
    where T : Resource
{
    private const int LongestTag = 255;
    private const int MostTags = 100;

    public void Map(Routes routes)
    {
        var tags = $"/v2.0/{api.Path}/{{id}}/tags";
        routes.Get(tags, async call => await Answer(call, await Read(call)));
        routes.Get(tags + "/{tag}", Check);
        routes.Put(tags, Replace);
        routes.Put(tags + "/{tag}", call => Change(call, 201, (now, tag) => now.Contains(tag) ? now : [.. now, tag]));
        routes.Delete(tags + "/{tag}", call => Change(call, 204, (now, tag) => now.Contains(tag) ? [.. now.Where(t => t != tag)] : throw NotFound(tag)));
        routes.Delete(tags, async call =>
        {
            await Write(call, _ => []);
            await call.Empty(204);
        });
    }

    private async Task Check(Call call)
    {
        if (!(await Read(call)).Contains(call.Route("tag")))
        {
            throw NotFound(call.Route("tag"));
        }

        await call.Empty(204);
    }

    private async Task Replace(Call call)
    {
        var body = await call.Body();
        var tags = body.OptionalStrings("tags", MostTags, LongestTag) ?? throw Fault.BadRequest("Invalid input for tags. Reason: 'tags' is a required property.");
        body.Done();
        foreach (var tag in tags)
        {
            Checked(tag);
        }

        await Write(call, _ => [.. tags.Distinct()]);
        await Answer(call, [.. tags.Distinct()]);
    }

    private async Task Change(Call call, int status, Func<IReadOnlyList<string>, string, IReadOnlyList<string>> change)
    {
        var tag = Checked(call.Route("tag"));
        await Write(call, now => change(now, tag));
        await call.Empty(status);
    }

    private async Task<IReadOnlyList<string>> Read(Call call)
    {
        var row = await db.Read(r => api.Find(r, call.Actor, call.Route("id")), call.Cancel) ?? throw api.NotFound(call.Route("id"));
        return NetworkJson.Strings(row.Tags);
    }

    private Task Write(Call call, Func<IReadOnlyList<string>, IReadOnlyList<string>> change) => db.Write(
        async tx =>
        {
            var held = await api.Hold(tx, call.Actor, call.Route("id"));
            var next = change(NetworkJson.Strings(held.Tags));
            if (next.Count > MostTags)
            {
                throw Fault.BadRequest($"Invalid input for tags. Reason: a resource has at most {MostTags} tags.");
            }

            await api.Table.Update(tx, held with { Tags = NetworkJson.Of(next) });
            await AuditLog.Note(tx, ids.Uuid(), call.Actor, "tag", api.View.Name, held.Id);
        },
        call.Cancel);

    private static string Checked(string tag) => tag.Length is > 0 and <= LongestTag && !tag.Contains('\0', StringComparison.Ordinal)
        ? tag
        : throw Fault.BadRequest($"Invalid input for tags. Reason: a tag has 1 to {LongestTag} characters.");

    private static Fault NotFound(string tag) => Fault.NotFound($"Tag {tag} could not be found.", "TagNotFound");

    private static Task Answer(Call call, IReadOnlyList<string> tags) => call.Many("tags", tags, (json, tag) => json.WriteStringValue(tag));
}
