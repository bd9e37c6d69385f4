using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Catalog;
using Ciel.Services.Identity.Projects;

namespace Ciel.Services.Identity.Extensions;

/// <summary>Routes under /v3/OS-EP-FILTER that choose endpoints for projects, one by one or by groups.</summary>
internal sealed class EndpointFilterApi(Changes changes) : IIdentityApi
{
    private const string Root = "/v3/OS-EP-FILTER";
    private const string Endpoint = Root + "/projects/{project}/endpoints/{endpoint}";
    private const string Group = Root + "/endpoint_groups/{group}/projects/{project}";

    public void Map(Routes routes)
    {
        routes.Look(Endpoint, call => Check(call, Kind.Endpoint));
        routes.Put(Endpoint, call => Add(call, Kind.Endpoint));
        routes.Delete(Endpoint, call => Remove(call, Kind.Endpoint));
        routes.Look(Group, ShowGroup);
        routes.Put(Group, call => Add(call, Kind.Group));
        routes.Delete(Group, call => Remove(call, Kind.Group));
        routes.Look(Root + "/projects/{project}/endpoints", Endpoints);
        routes.Look(Root + "/projects/{project}/endpoint_groups", Groups);
        routes.Look(Root + "/endpoints/{endpoint}/projects", call => Projects(call, Kind.Endpoint));
        routes.Look(Root + "/endpoint_groups/{group}/projects", call => Projects(call, Kind.Group));
        routes.Look(Root + "/endpoint_groups/{group}/endpoints", EndpointsOfGroup);
    }

    private async Task Check(Call call, Kind kind)
    {
        call.MustReadCloud("check_endpoint_in_project");
        await changes.Db.Read(r => MustBeChosen(call, kind, r), call.Cancel);
        await call.Empty(204);
    }

    private async Task ShowGroup(Call call)
    {
        call.MustReadCloud("get_endpoint_group_in_project");
        var group = await changes.Db.Read(
            async r =>
            {
                await MustBeChosen(call, Kind.Group, r);
                return await EndpointGroupStore.Get(r, call.Route("group"));
            },
            call.Cancel);
        await call.Show(EndpointGroupApi.View, group);
    }

    private async Task Add(Call call, Kind kind)
    {
        call.MustBeAdmin("add_endpoint_to_project");
        await changes.Make(call, new Act("add", "endpoint_filter", kind.Name(call)), Scopes.Catalog, async tx =>
        {
            await MustExist(call, kind, tx);
            await kind.Store.Choose(tx, call.Route(kind.RouteName), call.Route("project"));
        });
        await call.Empty(204);
    }

    private async Task Remove(Call call, Kind kind)
    {
        call.MustBeAdmin("remove_endpoint_from_project");
        await changes.Make(call, new Act("remove", "endpoint_filter", kind.Name(call)), Scopes.Catalog, async tx =>
        {
            await MustBeChosen(call, kind, tx);
            await kind.Store.Unchoose(tx, call.Route(kind.RouteName), call.Route("project"));
        });
        await call.Empty(204);
    }

    private async Task Endpoints(Call call)
    {
        call.MustReadCloud("list_endpoints_for_project");
        var rows = await changes.Db.Read(
            async r =>
            {
                await MustHaveProject(call, r);
                return await EndpointChoice.Of(r, call.Route("project"), await EndpointStore.All(r));
            },
            call.Cancel);
        await call.List(CatalogWire.Endpoint(call), rows);
    }

    private async Task Groups(Call call)
    {
        call.MustReadCloud("list_endpoint_groups_for_project");
        var rows = await changes.Db.Read(
            async r =>
            {
                await MustHaveProject(call, r);
                return await EndpointGroupStore.OfProject(r, call.Route("project"));
            },
            call.Cancel);
        await call.List(EndpointGroupApi.View, rows);
    }

    private async Task Projects(Call call, Kind kind)
    {
        call.MustReadCloud("list_projects_for_endpoint");
        var rows = await changes.Db.Read(
            async r => await TagStore.WithTags(r, await kind.Store.Projects(r, call.Route(kind.RouteName))),
            call.Cancel);
        await call.List(ProjectWire.Project, rows);
    }

    private async Task EndpointsOfGroup(Call call)
    {
        call.MustReadCloud("list_endpoints_associated_with_endpoint_group");
        var rows = await changes.Db.Read(
            async r =>
            {
                var group = await EndpointGroupStore.Get(r, call.Route("group"));
                return (await EndpointStore.All(r)).Where(e => EndpointChoice.Matches(group.Filters, e)).ToArray();
            },
            call.Cancel);
        await call.List(CatalogWire.Endpoint(call), rows);
    }

    private static async Task<bool> MustBeChosen(Call call, Kind kind, Reader reader)
    {
        await MustExist(call, kind, reader);
        return await kind.Store.IsChosen(reader, call.Route(kind.RouteName), call.Route("project"))
            ? true
            : throw Rules.Missing("endpoint association", kind.Name(call));
    }

    private static async Task MustExist(Call call, Kind kind, Reader reader)
    {
        await MustHaveProject(call, reader);
        if (kind == Kind.Group)
        {
            await EndpointGroupStore.Get(reader, call.Route("group"));
        }
        else
        {
            _ = await EndpointStore.Find(reader, call.Route("endpoint")) ?? throw Rules.Missing("endpoint", call.Route("endpoint"));
        }
    }

    private static async Task MustHaveProject(Call call, Reader reader) =>
        _ = await ProjectStore.Find(reader, call.Route("project")) ?? throw Rules.Missing("project", call.Route("project"));

    /// <summary>What is chosen: an endpoint or a group of them.</summary>
    private sealed record Kind(ChoiceStore Store, string RouteName)
    {
        public static readonly Kind Endpoint = new(ChoiceStore.Endpoints, "endpoint");
        public static readonly Kind Group = new(ChoiceStore.Groups, "group");

        public string Name(Call call) => $"{call.Route(RouteName)}/{call.Route("project")}";
    }
}
