using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Identity.Projects;

/// <summary>Routes under /v3/projects/{id}/tags.</summary>
internal sealed class TagApi(Changes changes) : IIdentityApi
{
    private const string All = "/v3/projects/{id}/tags";
    private const string One = "/v3/projects/{id}/tags/{tag}";

    public void Map(Routes routes)
    {
        routes.Look(All, List);
        routes.Put(All, Replace);
        routes.Delete(All, Clear);
        routes.Look(One, Check);
        routes.Put(One, Add);
        routes.Delete(One, Remove);
    }

    private async Task List(Call call)
    {
        var project = await Readable(call, "list_project_tags");
        await Answer(call, await changes.Db.Read(r => TagStore.Of(r, project.Id), call.Cancel));
    }

    private async Task Replace(Call call)
    {
        var project = await Managed(call, "update_project_tags");
        var input = await call.Body();
        var tags = ProjectInput.Tags(input) ?? throw input.Refuse("tags", "", "'tags' is a required property");
        await changes.Make(call, Act.Update("project", project.Id), null, tx => TagStore.Replace(tx, project.Id, tags));
        await Answer(call, [.. tags.Distinct()]);
    }

    private async Task Clear(Call call)
    {
        var project = await Managed(call, "delete_project_tags");
        await changes.Make(call, Act.Update("project", project.Id), null, tx => TagStore.Clear(tx, project.Id));
        await call.Empty(204);
    }

    private async Task Check(Call call)
    {
        var project = await Readable(call, "get_project_tag");
        var tags = await changes.Db.Read(r => TagStore.Of(r, project.Id), call.Cancel);
        await (tags.Contains(call.Route("tag")) ? call.Empty(204) : throw Rules.Missing("project tag", call.Route("tag")));
    }

    private async Task Add(Call call)
    {
        var project = await Managed(call, "create_project_tag");
        var tag = call.Route("tag");
        if (!ProjectInput.Fits(tag))
        {
            throw Fault.BadRequest($"'{tag}' is no tag: 1 to 255 characters without slash and comma.");
        }

        await changes.Make(call, Act.Update("project", project.Id), null, tx => TagStore.Add(tx, project.Id, tag));
        call.Http.Response.Headers.Location = $"{call.BaseUrl}/v3/projects/{project.Id}/tags/{Uri.EscapeDataString(tag)}";
        await call.Empty(201);
    }

    private async Task Remove(Call call)
    {
        var project = await Managed(call, "delete_project_tag");
        var removed = await changes.Make(call, Act.Update("project", project.Id), null, tx => TagStore.Remove(tx, project.Id, call.Route("tag")));
        await (removed ? call.Empty(204) : throw Rules.Missing("project tag", call.Route("tag")));
    }

    private async Task<ProjectRow> Readable(Call call, string action)
    {
        var row = await Find(call);
        Rules.Must(call.Actor.ReadsDomain(row?.HomeDomainId) || (row is not null && call.Actor.ProjectId == row.Id), action);
        return row ?? throw Rules.Missing("project", call.Route("id"));
    }

    private async Task<ProjectRow> Managed(Call call, string action)
    {
        var row = await Find(call);
        Rules.Must(call.Actor.ManagesDomain(row?.DomainId), action);
        return row ?? throw Rules.Missing("project", call.Route("id"));
    }

    private Task<ProjectRow?> Find(Call call) => changes.Db.Read(r => ProjectStore.Find(r, call.Route("id")), call.Cancel);

    private static Task Answer(Call call, IReadOnlyList<string> tags) =>
        call.Many("tags", tags, (json, tag) => json.WriteStringValue(tag), json => Views.Links(json, call));
}
