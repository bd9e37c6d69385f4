using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Projects;

namespace Ciel.Services.Identity.Roles;

/// <summary>GET /v3/role_assignments.</summary>
internal sealed class AssignmentApi(Db db) : IIdentityApi
{
    public void Map(Routes routes) => routes.Look("/v3/role_assignments", List);

    private async Task List(Call call)
    {
        var filter = Read(call);
        var (rows, names) = await db.Read(
            async reader =>
            {
                await Authorise(call, reader, filter);
                var listed = await AssignmentList.Of(reader, filter);
                var own = call.Actor.ReadsCloud() || filter.ProjectId is not null ? listed : await OfDomain(reader, listed, call.Actor.DomainId!);
                return (own, Flag(call, "include_names") ? await AssignmentNames.Load(reader, own) : null);
            },
            call.Cancel);
        await call.Many("role_assignments", rows, (json, row) => AssignmentWire.Write(json, call, row, names), json => Views.Links(json, call));
    }

    private static AssignmentFilter Read(Call call)
    {
        var filter = new AssignmentFilter
        {
            UserId = call.Query("user.id"),
            GroupId = call.Query("group.id"),
            RoleId = call.Query("role.id"),
            ProjectId = call.Query("scope.project.id"),
            DomainId = call.Query("scope.domain.id"),
            System = call.Query("scope.system") is not null,
            Inherited = call.Query("scope.OS-INHERIT:inherited_to") == "projects",
            Effective = Flag(call, "effective"),
            Subtree = Flag(call, "include_subtree"),
        };
        return filter switch
        {
            { UserId: not null, GroupId: not null } => throw Fault.BadRequest("Specify a user or group, not both."),
            { Effective: true, GroupId: not null } => throw Fault.BadRequest("Combining effective and group filter will always result in an empty list."),
            { ProjectId: not null, DomainId: not null } => throw Fault.BadRequest("Specify a domain or project, not both."),
            { Subtree: true, ProjectId: null } => throw Fault.BadRequest("scope.project.id must be specified if include_subtree is also specified"),
            _ => filter,
        };
    }

    // Readers of the cloud see all, readers of a domain what is in it, admins of a project that project (with its subtree).
    private static async Task Authorise(Call call, Reader reader, AssignmentFilter filter)
    {
        var actor = call.Actor;
        if (actor.ReadsCloud())
        {
            return;
        }

        var project = filter.ProjectId is { } id ? await ProjectStore.Find(reader, id) : null;
        var allowed = filter.ProjectId is not null ? actor.ReadsDomain(project?.HomeDomainId)
            : filter.DomainId is not null ? actor.ReadsDomain(filter.DomainId)
            : actor.ReadsDomain(actor.DomainId);
        Rules.Must(allowed, filter.Subtree ? "list_role_assignments_for_tree" : "list_role_assignments");
    }

    private static async Task<IReadOnlyList<ListedAssignment>> OfDomain(Reader reader, IReadOnlyList<ListedAssignment> listed, string domainId)
    {
        var projects = (await ProjectStore.IdsOfDomain(reader, domainId)).ToHashSet();
        return [.. listed.Where(a => projects.Contains(a.Assignment.TargetId))];
    }

    private static bool Flag(Call call, string name) => call.Query(name) is { } text && text is not ("0" or "false" or "False");
}
