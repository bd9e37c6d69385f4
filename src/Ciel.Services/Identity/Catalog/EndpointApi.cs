using System.Text.RegularExpressions;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Catalog;

/// <summary>Routes under /v3/endpoints.</summary>
internal sealed partial class EndpointApi(Changes changes) : IIdentityApi
{
    private const string One = "/v3/endpoints/{id}";
    private static readonly string[] Faces = ["admin", "internal", "public"];
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("id", "interface", "service_id", "region_id");

    public void Map(Routes routes)
    {
        routes.Look("/v3/endpoints", List);
        routes.Post("/v3/endpoints", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        call.MustReadCloud("list_endpoints");
        var rows = await changes.Db.Read(r => Filters.Of(call, r, "identity_endpoint", Columns).Page<EndpointRow>(r, "*"), call.Cancel);
        await call.List(CatalogWire.Endpoint(call), rows);
    }

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_endpoint");
        var input = (await call.Body()).Object("endpoint");
        var fresh = new EndpointRow { Id = changes.Ids.Hex(), ServiceId = input.String("service_id"), Interface = input.String("interface"), Url = input.String("url", 1, 225, Address()) };
        var row = Described(input, fresh);
        await changes.Make(call, Act.Create("endpoint", row.Id), Scopes.Catalog, async tx =>
        {
            await Check(tx, row, input);
            await EndpointStore.Insert(tx, row);
        });
        await call.Show(CatalogWire.Endpoint(call), row, 201);
    }

    private async Task Show(Call call)
    {
        call.MustReadCloud("get_endpoint");
        await call.Show(CatalogWire.Endpoint(call), await Find(call));
    }

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_endpoint");
        var before = await Find(call);
        var input = (await call.Body()).Object("endpoint");
        var row = Described(input, before);
        await changes.Make(call, Act.Update("endpoint", row.Id), Scopes.Catalog, async tx =>
        {
            await Check(tx, row, input);
            await EndpointStore.Update(tx, row);
        });
        await call.Show(CatalogWire.Endpoint(call), row);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_endpoint");
        var row = await Find(call);
        await changes.Make(call, Act.Delete("endpoint", row.Id), Scopes.Catalog, tx => EndpointStore.Delete(tx, row.Id));
        await call.Empty(204);
    }

    private static EndpointRow Described(Input input, EndpointRow before)
    {
        var row = before with
        {
            ServiceId = input.OptionalString("service_id", 1) ?? before.ServiceId,
            Interface = input.OptionalChoice("interface", Faces) ?? before.Interface,
            Url = input.OptionalString("url", 1, 225, Address()) ?? before.Url,
            RegionId = input.Has("region_id") ? input.OptionalString("region_id") : input.OptionalString("region") ?? before.RegionId,
            Enabled = input.OptionalBoolean("enabled") ?? before.Enabled,
        };
        input.Raw("region");
        return row with { Extra = Extra.Of(input, before.Extra) };
    }

    // Clients of old say region where they mean region_id, and expect it to be made.
    private static async Task Check(Tx tx, EndpointRow row, Input input)
    {
        _ = await ServiceStore.Find(tx, row.ServiceId) ?? throw Rules.Missing("service", row.ServiceId);
        if (row.RegionId is not { } region || await RegionStore.Find(tx, region) is not null)
        {
            return;
        }

        if (input.Has("region_id"))
        {
            throw Rules.Missing("region", region);
        }

        await RegionStore.Insert(tx, new RegionRow { Id = region });
    }

    private async Task<EndpointRow> Find(Call call) =>
        await changes.Db.Read(r => EndpointStore.Find(r, call.Route("id")), call.Cancel) ?? throw Rules.Missing("endpoint", call.Route("id"));

    [GeneratedRegex("^[a-zA-Z0-9+.-]+:.+")]
    private static partial Regex Address();
}
