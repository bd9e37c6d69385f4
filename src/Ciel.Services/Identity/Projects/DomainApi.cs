using Ciel.Core.Http;

namespace Ciel.Services.Identity.Projects;

/// <summary>Routes under /v3/domains.</summary>
internal sealed class DomainApi(Changes changes, ProjectRemoval removal) : IIdentityApi
{
    private const string One = "/v3/domains/{id}";

    public void Map(Routes routes)
    {
        routes.Look("/v3/domains", List);
        routes.Post("/v3/domains", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        // Readers of a domain may find it by name, and nothing else.
        Rules.Must(call.Actor.ReadsDomain(call.Actor.DomainId), "list_domains");
        var (rows, limit) = await changes.Db.Read(
            async reader =>
            {
                var query = ProjectLists.Domains(call, reader);
                if (!call.Actor.ReadsCloud())
                {
                    query.Where("id = @own", ("own", call.Actor.DomainId));
                }

                return (await TagStore.WithTags(reader, await query.Page<ProjectRow>(reader, "*")), query.Limit);
            },
            call.Cancel);
        await call.List(ProjectWire.Domain, rows, limit);
    }

    private async Task Create(Call call)
    {
        call.MustBeAdmin("create_domain");
        var (row, tags) = ProjectInput.Domain((await call.Body()).Object("domain"), changes.Ids.Hex());
        await ProjectApi.Insert(call, changes, row, tags);
        await call.Show(ProjectWire.Domain, new TaggedProject(row, tags), 201);
    }

    private async Task Show(Call call)
    {
        var id = call.Route("id");
        Rules.Must(call.Actor.ReadsCloud() || call.Actor.DomainId == id || call.Actor.ProjectDomainId == id, "get_domain");
        await call.Show(ProjectWire.Domain, await changes.Db.Read(async reader => await TagStore.WithTags(reader, await Find(reader, id)), call.Cancel));
    }

    private async Task Update(Call call)
    {
        call.MustBeAdmin("update_domain");
        var before = await changes.Db.Read(r => Find(r, call.Route("id")), call.Cancel);
        await call.Show(ProjectWire.Domain, await ProjectApi.Change(call, changes, before, (await call.Body()).Object("domain")));
    }

    private async Task Delete(Call call)
    {
        call.MustBeAdmin("delete_domain");
        var id = call.Route("id");
        await changes.Make(call, Act.Delete("domain", id), Scopes.Standing, async tx => await removal.Remove(tx, await Find(tx, id)));
        await call.Empty(204);
    }

    private static async Task<ProjectRow> Find(Core.Store.Reader reader, string id) => await ProjectStore.Domain(reader, id) ?? throw Rules.Missing("domain", id);
}
