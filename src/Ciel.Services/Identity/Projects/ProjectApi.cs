using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;

namespace Ciel.Services.Identity.Projects;

/// <summary>Routes under /v3/projects.</summary>
internal sealed class ProjectApi(Changes changes, ProjectRemoval removal) : IIdentityApi
{
    private const string One = "/v3/projects/{id}";

    public void Map(Routes routes)
    {
        routes.Look("/v3/projects", List);
        routes.Post("/v3/projects", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        var domain = call.Query("domain_id") ?? call.Actor.DomainId;
        call.MustReadDomain(domain, "list_projects");
        var (rows, limit) = await changes.Db.Read(
            async reader =>
            {
                var query = ProjectLists.Of(call, reader);
                if (!call.Actor.ReadsCloud())
                {
                    query.Where("domain_id = @own", ("own", domain));
                }

                return (await TagStore.WithTags(reader, await query.Page<ProjectRow>(reader, "*")), query.Limit);
            },
            call.Cancel);
        await call.List(ProjectWire.Project, rows, limit);
    }

    private async Task Create(Call call)
    {
        var input = (await call.Body()).Object("project");
        var parent = input.OptionalId("parent_id");
        var domainOfParent = parent is null ? null : (await changes.Db.Read(r => ProjectStore.Find(r, parent)))?.HomeDomainId;
        var (row, tags) = ProjectInput.Project(input, changes.Ids.Hex(), call.Actor, _ => domainOfParent);
        call.MustManageDomain(row.IsDomain ? null : row.DomainId, "create_project");
        await Insert(call, changes, row, tags);
        await call.Show(ProjectWire.Project, new TaggedProject(row, tags), 201);
    }

    /// <summary>Makes a project or domain.</summary>
    internal static Task Insert(Call call, Changes changes, ProjectRow row, IReadOnlyList<string> tags) => changes.Make(
        call,
        Act.Create(row.IsDomain ? "domain" : "project", row.Id),
        Scopes.Standing,
        async tx =>
        {
            if (!row.IsDomain)
            {
                var domain = await ProjectStore.Domain(tx, row.DomainId) ?? throw Rules.Missing("domain", row.DomainId);
                await ProjectTree.CheckParent(tx, row.ParentId!, domain.Id);
            }

            await ProjectStore.Insert(tx, row with { CreatedAt = tx.Now });
            await TagStore.Replace(tx, row.Id, tags);
        },
        Taken(row));

    private async Task Show(Call call)
    {
        var id = call.Route("id");
        var found = await changes.Db.Read(
            async reader => await ProjectStore.Find(reader, id) is { } row ? await TagStore.WithTags(reader, row) : null, call.Cancel);
        Rules.Must(call.Actor.ReadsDomain(found?.Row.HomeDomainId) || (found is not null && call.Actor.ProjectId == id), "get_project");
        var project = found ?? throw Rules.Missing("project", id);
        var relatives = await changes.Db.Read(reader => Relatives.Of(call, reader, project.Row), call.Cancel);
        await call.Show(ProjectWire.Project, project, more: json => relatives.Write(json, call));
    }

    private async Task Update(Call call)
    {
        var before = await Managed(call, "update_project");
        var input = (await call.Body()).Object("project");
        await call.Show(ProjectWire.Project, await Change(call, changes, before, input));
    }

    /// <summary>Changes a project or domain.</summary>
    internal static async Task<TaggedProject> Change(Call call, Changes changes, ProjectRow before, Input input)
    {
        var (row, tags) = ProjectInput.Change(input, before, await changes.Db.Now(call.Cancel));
        return await changes.Make(
            call,
            Act.Update(row.IsDomain ? "domain" : "project", row.Id),
            Scopes.Standing,
            async tx =>
            {
                await CheckEnabled(tx, before, row);
                await ProjectStore.Update(tx, row);
                if (tags is not null)
                {
                    await TagStore.Replace(tx, row.Id, tags);
                }

                return await TagStore.WithTags(tx, row);
            },
            Taken(row));
    }

    private async Task Delete(Call call)
    {
        var row = await Managed(call, "delete_project");
        await changes.Make(call, Act.Delete(row.IsDomain ? "domain" : "project", row.Id), Scopes.Standing, tx => removal.Remove(tx, row));
        await call.Empty(204);
    }

    private async Task<ProjectRow> Managed(Call call, string action)
    {
        var id = call.Route("id");
        var row = await changes.Db.Read(r => ProjectStore.Find(r, id), call.Cancel);
        Rules.Must(call.Actor.IsAdmin || (row is { IsDomain: false } && call.Actor.ManagesDomain(row.DomainId)), action);
        return row ?? throw Rules.Missing("project", id);
    }

    private static async Task CheckEnabled(Tx tx, ProjectRow before, ProjectRow after)
    {
        if (after.IsDomain || before.Enabled == after.Enabled)
        {
            return;
        }

        if (after.Enabled && (await ProjectTree.Above(tx, after)).Any(p => !p.Enabled))
        {
            throw Fault.Forbidden($"Cannot enable project {after.Id} since it has disabled parents.");
        }

        if (!after.Enabled && (await ProjectTree.Below(tx, after.Id)).Any(p => p.Enabled))
        {
            throw Fault.Forbidden($"Cannot disable project {after.Id} since its subtree contains enabled projects.");
        }
    }

    private static string Taken(ProjectRow row) => row.IsDomain
        ? $"Conflict occurred attempting to store project - it is not permitted to have two projects acting as domains with the same name: {row.Name}."
        : $"Conflict occurred attempting to store project - it is not permitted to have two projects with the same name in the same domain : {row.Name}.";
}
