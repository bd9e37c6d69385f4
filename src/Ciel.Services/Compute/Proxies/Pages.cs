using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>Speaks with the network service for Nova's old pages, and words its faults as Nova does.</summary>
internal sealed class Pages(Db db, INetworkPages pages, Ids ids)
{
    public const string Floatings = "floatingips";
    public const string Groups = "security-groups";
    public const string Rules = "security-group-rules";
    public const string Networks = "networks";

    /// <summary>The objects that the actor may see.</summary>
    public Task<IReadOnlyList<JsonElement>> List(Call call, string collection, params (string Field, string Value)[] filters) =>
        pages.List(call.Actor, collection, filters.ToDictionary(f => f.Field, f => f.Value), call.Cancel);

    /// <summary>One object by id.</summary>
    /// <exception cref="Fault">404 in the words given.</exception>
    public async Task<JsonElement> One(Call call, string collection, string id, string missing)
    {
        var found = await List(call, collection, ("id", id));
        return found.Count == 1 ? found[0] : throw Fault.NotFound(missing);
    }

    public Task<JsonElement> Create(Call call, string collection, object attributes) =>
        Write(call, "create", collection, null, tx => pages.Create(tx, call.Actor, collection, JsonSerializer.SerializeToElement(attributes)));

    public Task<JsonElement> Update(Call call, string collection, string id, object attributes) =>
        Write(call, "update", collection, id, tx => pages.Update(tx, call.Actor, collection, id, JsonSerializer.SerializeToElement(attributes)));

    public Task Delete(Call call, string collection, string id) => Write(call, "delete", collection, id, async tx =>
    {
        await pages.Delete(tx, call.Actor, collection, id);
        return default;
    });

    private async Task<JsonElement> Write(Call call, string verb, string collection, string? id, Func<Tx, Task<JsonElement>> work)
    {
        call.Actor.Require(Roles.Member, $"os_compute_api:{collection}:{verb}");
        var note = ids.Uuid();
        try
        {
            return await db.Write(
                async tx =>
                {
                    var made = await work(tx);
                    await AuditLog.Note(tx, note, call.Actor, verb, collection[..^1], id ?? made.GetProperty("id").GetString()!);
                    return made;
                },
                call.Cancel);
        }
        catch (Fault fault) when (fault.Kind == "OverQuota")
        {
            throw Fault.Forbidden(fault.Message, fault.Kind);
        }
        catch (Fault fault) when (fault.Status == 409)
        {
            throw Fault.BadRequest(fault.Message);
        }
    }
}
