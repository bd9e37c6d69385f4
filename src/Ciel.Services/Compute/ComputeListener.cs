using Ciel.Core.Store;
using Ciel.Services.Identity;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>What compute does when things below it go: a port, a project.</summary>
internal sealed class ComputeListener(ServerVerbs verbs, Attachments attachments) : IPortListener, IProjectGone, IProjectReleased
{
    public Task PortDeleted(Tx tx, string portId, string deviceId) => attachments.PortDeleted(tx, portId, deviceId);

    public async Task ProjectGone(Tx tx, string projectId)
    {
        await Released(tx, projectId);
        await tx.Execute("DELETE FROM compute_flavor_access WHERE project_id = @projectId", new { projectId });
        await tx.Execute("DELETE FROM compute_server_group WHERE project_id = @projectId", new { projectId });
    }

    public async Task Released(Tx tx, string projectId)
    {
        foreach (var server in await ServerStore.OfProject(tx, projectId))
        {
            if (!server.Deleting)
            {
                await verbs.Destroy(tx, server);
            }
        }
    }
}
