using Ciel.Core;
using Ciel.Core.Events;
using Ciel.Core.Keepers;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Identity;

namespace Ciel.Services.Compute;

/// <summary>A suspended project's servers are shut down, and start again when the suspension ends; who had stopped one before keeps it so.</summary>
internal sealed class Suspensions(ServerBook servers, KeeperBook keepers, Ids ids) : IProjectSuspended
{
    // A server that is at work now is caught when the suspension is said again.
    public async Task Suspended(Tx tx, string projectId)
    {
        foreach (var server in (await ServerStore.OfProject(tx, projectId)).Where(s => s.Runs && s.TaskState is null))
        {
            await tx.Execute("INSERT INTO compute_suspended (server_id, project_id) VALUES (@Id, @projectId) ON CONFLICT (server_id) DO NOTHING", new { server.Id, projectId });
            await Change(tx, server.Id, "stop", s => s is { Runs: true, TaskState: null } ? PowerActions.Stops(s) : null);
        }
    }

    public async Task Resumed(Tx tx, string projectId)
    {
        foreach (var id in await tx.Query<string>("SELECT server_id FROM compute_suspended WHERE project_id = @projectId ORDER BY server_id", new { projectId }))
        {
            await tx.Execute("DELETE FROM compute_suspended WHERE server_id = @id", new { id });
            await Change(tx, id, "start", s => s is { Deleting: false, DesiredOn: false } ? PowerActions.Starts(s) : null);
        }
    }

    // The keeper's row first, as its own commits do.
    private async Task Change(Tx tx, string id, string verb, Func<Server, Server?> change)
    {
        await keepers.Wake(tx, id);
        if (await servers.Change(tx, id, change) is { } server)
        {
            var actor = new Actor { UserId = "billing", UserName = "billing", UserDomainId = "default", ProjectId = server.ProjectId };
            await ActionStore.Begin(tx, ids.Uuid(), actor, server, verb);
            await AuditLog.Note(tx, ids.Uuid(), actor, verb, "server", id, "suspension");
        }
    }
}
