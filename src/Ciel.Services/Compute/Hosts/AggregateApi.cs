using System.Globalization;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Sets of nodes (Compute API reference, "Host aggregates").</summary>
internal sealed class AggregateApi(Db db, AggregateBook book, Ids ids)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2.1/os-aggregates", List);
        routes.Post("/v2.1/os-aggregates", Create);
        routes.Get("/v2.1/os-aggregates/{id}", Show);
        routes.Put("/v2.1/os-aggregates/{id}", Update);
        routes.Delete("/v2.1/os-aggregates/{id}", Delete);
        routes.Post("/v2.1/os-aggregates/{id}/action", Act);
        routes.Post("/v2.1/os-aggregates/{id}/images", NoCache);
    }

    private async Task List(Call call)
    {
        Check(call, "index");
        var all = await db.Read(
            async r =>
            {
                var rows = new List<(Aggregate Aggregate, List<string> Hosts)>();
                foreach (var aggregate in await AggregateStore.List(r))
                {
                    rows.Add((aggregate, await AggregateStore.Hosts(r, aggregate.Id)));
                }

                return rows;
            },
            call.Cancel);
        await call.Many("aggregates", all, (json, found) => AggregateWire.Write(json, found.Aggregate, found.Hosts, call.Version));
    }

    private async Task Show(Call call)
    {
        Check(call, "show");
        await Answer(call, await db.Read(r => AggregateBook.Whole(r, call.Route("id")), call.Cancel));
    }

    private async Task Create(Call call)
    {
        Check(call, "create");
        var body = await call.Body();
        var input = body.Object("aggregate");
        body.Done();
        var name = ServerFields.Name(input, required: true)!;
        var zone = AggregateWire.Zone(input);
        input.Done();
        var (uuid, note) = (ids.Uuid(), ids.Uuid());
        var metadata = zone is null ? "{}" : ComputeJson.Map(new Dictionary<string, string> { [Aggregate.ZoneKey] = zone });
        var made = await db.Write(
            async tx =>
            {
                var aggregate = await AggregateStore.Insert(tx, uuid, name, metadata);
                await AuditLog.Note(tx, note, call.Actor, "create", "aggregate", uuid, name);
                return aggregate;
            },
            call.Cancel);
        await Answer(call, (made, null));
    }

    private async Task Update(Call call)
    {
        Check(call, "update");
        var body = await call.Body();
        var input = body.Object("aggregate");
        body.Done();
        var name = ServerFields.Name(input, required: false);
        var zoned = input.Has("availability_zone");
        var zone = AggregateWire.Zone(input);
        input.Done();
        if (name is null && !zoned)
        {
            throw Fault.BadRequest("Invalid input for field/attribute aggregate. Value: {}. {} does not have enough properties");
        }

        await Answer(call, await Write(call, "update", tx => AggregateBook.Update(tx, call.Route("id"), name, zoned ? new() { [Aggregate.ZoneKey] = zone } : [])));
    }

    private async Task Delete(Call call)
    {
        Check(call, "delete");
        var note = ids.Uuid();
        await db.Write(
            async tx =>
            {
                var aggregate = await AggregateStore.Get(tx, call.Route("id"));
                if ((await AggregateStore.Hosts(tx, aggregate.Id)).Count > 0)
                {
                    throw Fault.BadRequest($"Cannot remove aggregate {aggregate.Id}: Reason: Host aggregate is not empty.");
                }

                await AggregateStore.Delete(tx, aggregate.Id);
                await AuditLog.Note(tx, note, call.Actor, "delete", "aggregate", aggregate.Uuid, aggregate.Name);
            },
            call.Cancel);
        await call.Empty(200);
    }

    private async Task Act(Call call)
    {
        var body = await call.Body();
        var id = call.Route("id");
        switch (body.Names.FirstOrDefault())
        {
            case "add_host":
                Check(call, "add_host");
                var added = Host(body, "add_host");
                await Answer(call, await Write(call, "add_host", tx => book.AddHost(tx, id, added)));
                break;
            case "remove_host":
                Check(call, "remove_host");
                var removed = Host(body, "remove_host");
                await Answer(call, await Write(call, "remove_host", tx => AggregateBook.RemoveHost(tx, id, removed)));
                break;
            case "set_metadata":
                Check(call, "set_metadata");
                var changes = AggregateWire.Metadata(body);
                await Answer(call, await Write(call, "set_metadata", tx => AggregateBook.Update(tx, id, null, changes)));
                break;
            default:
                throw Fault.BadRequest($"There is no such action: {body.Names.FirstOrDefault()}. Available actions: ['add_host', 'remove_host', 'set_metadata']");
        }
    }

    private async Task NoCache(Call call)
    {
        call.Since(81);
        Check(call, "images");
        await db.Read(r => AggregateStore.Get(r, call.Route("id")), call.Cancel);
        throw new Fault(501, "NotImplemented", "Nodes fetch images when they first need them.");
    }

    private static void Check(Call call, string what) => call.Actor.RequireAdmin("os_compute_api:os-aggregates:" + what);

    private static string Host(Input body, string verb)
    {
        var input = body.Object(verb);
        body.Done();
        var host = input.String("host");
        input.Done();
        return host;
    }

    private async Task<(Aggregate, List<string>?)> Write(Call call, string verb, Func<Tx, Task> change)
    {
        var note = ids.Uuid();
        return await db.Write(
            async tx =>
            {
                await change(tx);
                var (aggregate, hosts) = await AggregateBook.Whole(tx, call.Route("id"));
                await AuditLog.Note(tx, note, call.Actor, verb, "aggregate", aggregate.Uuid, aggregate.Id.ToString(CultureInfo.InvariantCulture));
                return (aggregate, hosts);
            },
            call.Cancel);
    }

    private static Task Answer(Call call, (Aggregate Aggregate, List<string>? Hosts) found) =>
        call.One("aggregate", json => AggregateWire.Write(json, found.Aggregate, found.Hosts, call.Version));
}
