using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Compute;

/// <summary>Lists of servers (Compute API reference, "List Servers").</summary>
internal sealed class ServerListApi(Db db, ServerViews views)
{
    private const int Batch = 500;

    public void Map(Routes routes)
    {
        routes.Get("/v2.1/servers", call => List(call, detail: false));
        routes.Get("/v2.1/servers/detail", call => List(call, detail: true));
    }

    private async Task List(Call call, bool detail)
    {
        var page = Page.Of(call);
        var filter = ServerFilter.Of(call);
        var found = await db.Read(r => Find(r, call, page, filter, detail), call.Cancel);
        await call.Many(
            "servers",
            found,
            (json, view) => Write(json, view, call, detail),
            json => Links.WriteNext(json, call, "servers", page.Next(found, v => v.Row.Id)));
    }

    private static void Write(Utf8JsonWriter json, ServerView view, Call call, bool detail)
    {
        if (!detail)
        {
            ServerWire.WriteBrief(json, view.Row, call);
            return;
        }

        json.WriteStartObject();
        ServerWire.WriteFields(json, view, call, ServerViewKind.List);
        json.WriteEndObject();
    }

    // Reads on until the page is full, because some filters can only be told row by row.
    private async Task<IReadOnlyList<ServerView>> Find(Reader reader, Call call, Page page, ServerFilter filter, bool detail)
    {
        var found = new List<ServerView>();
        var marker = await Marker(reader, call, page.Marker);
        while (found.Count < page.Limit)
        {
            var query = new ListQuery("compute_server", "id", ServerParameters.Columns) { Limit = Batch, Marker = marker };
            filter.Narrow(query);
            ServerParameters.Sort(call, query);
            var rows = await query.Page<Server>(reader, "*");
            var passed = rows.Where(filter.Passes).Take(filter.Addresses.Count > 0 ? Batch : page.Limit - found.Count).ToArray();
            IReadOnlyList<ServerView> more = detail || filter.Addresses.Count > 0
                ? await views.Of(reader, passed)
                : [.. passed.Select(p => new ServerView(p, [], [], null))];
            found.AddRange(more.Where(v => HasAddress(v, filter)).Take(page.Limit - found.Count));
            if (rows.Count < Batch)
            {
                break;
            }

            marker = rows[^1].Id;
        }

        return found;
    }

    private static bool HasAddress(ServerView view, ServerFilter filter)
    {
        var own = view.Ports.SelectMany(p => p.Addresses).SelectMany(a => new[] { a.Address, a.Floating }).OfType<string>().ToArray();
        return filter.Addresses.All(p => own.Any(a => ServerFilter.IsMatch(p, a)));
    }

    private static async Task<string?> Marker(Reader reader, Call call, string? id)
    {
        if (id is null)
        {
            return null;
        }

        return await ServerStore.Find(reader, id) is { } server && call.Actor.Sees(server.ProjectId)
            ? id
            : throw Fault.BadRequest($"marker [{id}] not found");
    }
}
