using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/routers.</summary>
internal sealed class RouterApi(Db db, Ids ids, RouterBook routers) : ResourceApi<Router>(db, ids, RouterView.View, RouterStore.Table)
{
    public override bool Taggable => true;

    protected override string From => "network_router r";

    protected override string Alias => "r";

    protected override string Select => RouterStore.Select;

    public override Fault NotFound(string id) => Faults.RouterNotFound(id);

    protected override async Task Load(Reader reader, List<Router> rows) => await RouterStore.Loaded(reader, rows);

    protected override async Task<string> Create(Tx tx, Actor actor, Input input)
    {
        var fresh = new Router { Id = Ids.Uuid(), ProjectId = OwnerOf(actor, input) };
        var router = RouterInput.Read(input, actor, fresh, "create_router");
        var gateway = RouterInput.Gateway(input, actor, "create_router");
        _ = input.Raw("flavor_id");
        input.Done();
        await routers.Create(tx, router);
        if (gateway?.NetworkId is not null)
        {
            await routers.SetGateway(tx, actor, router, gateway);
        }

        return router.Id;
    }

    protected override async Task Update(Tx tx, Actor actor, Router row, Input input)
    {
        input.ReadOnly("id", "status", "project_id", "tenant_id");
        var next = RouterInput.Read(input, actor, row, "update_router");
        var gateway = RouterInput.Gateway(input, actor, "update_router");
        var routes = RouterInput.Routes(input);
        input.Done();
        if (routes is not null)
        {
            await RouterBook.CheckRoutes(tx, row, routes);
            next = next with { Routes = NetworkJson.Of(routes) };
        }

        await Table.Update(tx, next);
        if (gateway is not null)
        {
            await routers.SetGateway(tx, actor, next, gateway);
        }

        await routers.Changed(tx, row.Id);
    }

    protected override Task Delete(Tx tx, Actor actor, Router row) => routers.Delete(tx, row);
}
