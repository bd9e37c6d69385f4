using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Catalog;

/// <summary>Routes under /v3/regions. Everybody with a token may look.</summary>
internal sealed class RegionApi(Changes changes) : IIdentityApi
{
    private const string One = "/v3/regions/{id}";
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("id", "parent_region_id");

    public void Map(Routes routes)
    {
        routes.Look("/v3/regions", List);
        routes.Post("/v3/regions", call => Create(call, null));
        routes.Look(One, Show);
        routes.Put(One, call => Create(call, call.Route("id")));
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call) => await call.List(
        CatalogWire.Region, await changes.Db.Read(r => Filters.Of(call, r, "identity_region", Columns).Page<RegionRow>(r, "*"), call.Cancel));

    private async Task Create(Call call, string? id)
    {
        call.MustBeAdmin("create_region");
        var input = (await call.Body()).Object("region");
        var named = input.OptionalString("id", 0, 255);
        if (id is not null && named is not null && named != id)
        {
            throw Fault.BadRequest("Conflicting region IDs specified: the body's and the path's must be the same.");
        }

        var row = Described(input, new RegionRow { Id = id ?? (string.IsNullOrEmpty(named) ? changes.Ids.Hex() : named) });
        await changes.Make(
            call,
            Act.Create("region", row.Id),
            Scopes.Catalog,
            async tx =>
            {
                await CheckParent(tx, row);
                await RegionStore.Insert(tx, row);
            },
            $"Conflict occurred attempting to store region - Duplicate ID, {row.Id}..");
        await call.Show(CatalogWire.Region, row, 201);
    }

    private async Task Show(Call call) => await call.Show(CatalogWire.Region, await Find(call));

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_region");
        var before = await Find(call);
        var row = Described((await call.Body()).Object("region"), before);
        await changes.Make(
            call,
            Act.Update("region", row.Id),
            Scopes.Catalog,
            async tx =>
            {
                await CheckParent(tx, row);
                await RegionStore.Update(tx, row);
            });
        await call.Show(CatalogWire.Region, row);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_region");
        var row = await Find(call);
        await changes.Make(
            call,
            Act.Delete("region", row.Id),
            Scopes.Catalog,
            async tx =>
            {
                var ids = await RegionStore.Below(tx, row.Id);
                if (await EndpointStore.InRegions(tx, ids) > 0)
                {
                    throw Fault.Forbidden($"Unable to delete region {row.Id} because it or its child regions have associated endpoints.");
                }

                await RegionStore.Delete(tx, ids);
            });
        await call.Empty(204);
    }

    private static RegionRow Described(Input input, RegionRow before)
    {
        var row = before with
        {
            Description = input.Description(before.Description) ?? "",
            ParentRegionId = input.Has("parent_region_id") ? input.OptionalString("parent_region_id", 0, 255) : before.ParentRegionId,
        };
        return row with { Extra = Extra.Of(input, before.Extra) };
    }

    private static async Task CheckParent(Reader reader, RegionRow row)
    {
        if (row.ParentRegionId is { } parent)
        {
            _ = await RegionStore.Find(reader, parent) ?? throw Rules.Missing("region", parent);
            if ((await RegionStore.Below(reader, row.Id)).Contains(parent))
            {
                throw Fault.BadRequest($"The region {parent} lies below {row.Id} and cannot be its parent.");
            }
        }
    }

    private async Task<RegionRow> Find(Call call) =>
        await changes.Db.Read(r => RegionStore.Find(r, call.Route("id")), call.Cancel) ?? throw Rules.Missing("region", call.Route("id"));
}
