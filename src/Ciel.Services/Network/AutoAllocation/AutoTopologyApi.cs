using Ciel.Core;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>/v2.0/auto-allocated-topology (Networking API v2.0, "Auto allocated topologies").</summary>
internal sealed class AutoTopologyApi(Db db, AutoTopology topologies, Ids ids)
{
    private const string OwnProject = "None";

    public void Map(Routes routes)
    {
        routes.Get("/v2.0/auto-allocated-topology/{project}", Show);
        routes.Delete("/v2.0/auto-allocated-topology/{project}", Delete);
    }

    private async Task Show(Call call)
    {
        var project = ProjectOf(call);
        if (Listing.FieldsOf(call).Contains("dry-run"))
        {
            await db.Read(AutoTopology.External, call.Cancel);
            await Answer(call, "dry-run=pass", project);
            return;
        }

        call.Actor.Require(Roles.Member, "rule:get_auto_allocated_topology");
        var network = await db.Write(
            async tx =>
            {
                var id = await topologies.Ensure(tx, call.Actor, project);
                await AuditLog.Note(tx, ids.Uuid(), call.Actor, "allocate", "auto_allocated_topology", id);
                return id;
            },
            call.Cancel);
        await Answer(call, network, project);
    }

    private async Task Delete(Call call)
    {
        call.Actor.Require(Roles.Member, "rule:delete_auto_allocated_topology");
        var project = ProjectOf(call);
        await db.Write(
            async tx =>
            {
                await topologies.Delete(tx, project);
                await AuditLog.Note(tx, ids.Uuid(), call.Actor, "delete", "auto_allocated_topology", project);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private static string ProjectOf(Call call)
    {
        var project = call.Route("project") is var named && named == OwnProject ? call.Actor.Project() : named;
        return call.Actor.IsAdmin || project == call.Actor.ProjectId ? project : throw Inputs.NotAllowed("get_auto_allocated_topology");
    }

    private static Task Answer(Call call, string id, string project) => call.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("auto_allocated_topology");
        json.WriteString("id", id);
        json.WriteString("tenant_id", project);
        json.WriteString("project_id", project);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
