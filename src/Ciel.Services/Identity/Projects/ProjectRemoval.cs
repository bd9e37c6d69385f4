using Ciel.Core.Errors;
using Ciel.Core.Store;
using Ciel.Services.Identity.Delegation;
using Ciel.Services.Identity.Extensions;
using Ciel.Services.Identity.Limits;
using Ciel.Services.Identity.Roles;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Projects;

/// <summary>Deletes projects and domains with what hangs on them, and tells the services that had something for them.</summary>
internal sealed class ProjectRemoval(IEnumerable<IProjectGone> listeners)
{
    /// <summary>Deletes a project without children, or a disabled domain with all that is in it.</summary>
    /// <exception cref="Fault">403 where it has children or is enabled.</exception>
    public async Task Remove(Tx tx, ProjectRow row)
    {
        if (row.IsDomain)
        {
            await RemoveDomain(tx, row);
            return;
        }

        if (await tx.Scalar<long>("SELECT COUNT(*) FROM identity_project WHERE parent_id = @Id", new { row.Id }) > 0)
        {
            throw Fault.Forbidden($"Cannot delete the project {row.Id} since it is not a leaf in the hierarchy. Delete the projects below it first.");
        }

        await RemoveProject(tx, row.Id);
    }

    private async Task RemoveDomain(Tx tx, ProjectRow row)
    {
        if (row.Enabled)
        {
            throw Fault.Forbidden("Cannot delete a domain that is enabled, please disable it first.");
        }

        foreach (var project in (await ProjectTree.Below(tx, row.Id)).AsEnumerable().Reverse())
        {
            await RemoveProject(tx, project.Id);
        }

        var domain = new { row.Id };
        foreach (var user in await tx.Query<string>("SELECT id FROM identity_user WHERE domain_id = @Id", domain))
        {
            await UserRemoval.Remove(tx, user);
        }

        foreach (var group in await tx.Query<string>("SELECT id FROM identity_group WHERE domain_id = @Id", domain))
        {
            await GroupStore.Delete(tx, group);
        }

        foreach (var role in await tx.Query<string>("SELECT id FROM identity_role WHERE domain_id = @Id", domain))
        {
            await RoleStore.Delete(tx, role);
        }

        await DomainOptionStore.Clear(tx, row.Id);
        await RemoveProject(tx, row.Id);
    }

    private async Task RemoveProject(Tx tx, string projectId)
    {
        foreach (var listener in listeners)
        {
            await listener.ProjectGone(tx, projectId);
        }

        await AssignmentStore.Forget(tx, projectId);
        await AppCredentialStore.DeleteOfProject(tx, projectId);
        await TrustStore.DeleteOfProject(tx, projectId);
        await TagStore.Clear(tx, projectId);
        await LimitStore.DeleteOfProject(tx, projectId);
        var project = new { projectId };
        await tx.Execute("DELETE FROM identity_credential WHERE project_id = @projectId", project);
        await tx.Execute("DELETE FROM identity_endpoint_project WHERE project_id = @projectId", project);
        await tx.Execute("DELETE FROM identity_endpoint_group_project WHERE project_id = @projectId", project);
        await tx.Execute("UPDATE identity_user SET default_project_id = NULL WHERE default_project_id = @projectId", project);
        await tx.Execute("DELETE FROM identity_project WHERE id = @projectId", project);
    }
}
