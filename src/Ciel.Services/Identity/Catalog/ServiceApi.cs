using Ciel.Core.Http;

namespace Ciel.Services.Identity.Catalog;

/// <summary>Routes under /v3/services.</summary>
internal sealed class ServiceApi(Changes changes) : IIdentityApi
{
    private const string One = "/v3/services/{id}";
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("id", "name", "type");

    public void Map(Routes routes)
    {
        routes.Look("/v3/services", List);
        routes.Post("/v3/services", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        call.MustReadCloud("list_services");
        await call.List(CatalogWire.Service, await changes.Db.Read(r => Filters.Of(call, r, "identity_service", Columns).Page<ServiceRow>(r, "*"), call.Cancel));
    }

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_service");
        var input = (await call.Body()).Object("service");
        var row = Described(input, new ServiceRow { Id = changes.Ids.Hex(), Type = input.String("type") });
        await changes.Make(call, Act.Create("service", row.Id), Scopes.Catalog, tx => ServiceStore.Insert(tx, row));
        await call.Show(CatalogWire.Service, row, 201);
    }

    private async Task Show(Call call)
    {
        call.MustReadCloud("get_service");
        await call.Show(CatalogWire.Service, await Find(call));
    }

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_service");
        var before = await Find(call);
        var input = (await call.Body()).Object("service");
        var row = Described(input, before with { Type = input.OptionalString("type", 1) ?? before.Type });
        await changes.Make(call, Act.Update("service", row.Id), Scopes.Catalog, tx => ServiceStore.Update(tx, row));
        await call.Show(CatalogWire.Service, row);
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_service");
        var row = await Find(call);
        await changes.Make(call, Act.Delete("service", row.Id), Scopes.Catalog, tx => ServiceStore.Delete(tx, row.Id));
        await call.Empty(204);
    }

    private static ServiceRow Described(Input input, ServiceRow before)
    {
        var row = before with
        {
            Name = input.OptionalString("name") ?? before.Name,
            Description = input.Description(before.Description) ?? "",
            Enabled = input.OptionalBoolean("enabled") ?? before.Enabled,
        };
        return row with { Extra = Extra.Of(input, before.Extra) };
    }

    private async Task<ServiceRow> Find(Call call) =>
        await changes.Db.Read(r => ServiceStore.Find(r, call.Route("id")), call.Cancel) ?? throw Rules.Missing("service", call.Route("id"));
}
