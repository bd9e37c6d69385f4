using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Roles;

/// <summary>
/// Routes that give roles: /v3/{projects|domains}/{id}/{users|groups}/{id}/roles/{id}, the same under OS-INHERIT for the projects
/// below, and /v3/system/{users|groups}/{id}/roles/{id}.
/// </summary>
internal sealed class GrantApi(Changes changes) : IIdentityApi
{
    public void Map(Routes routes)
    {
        foreach (var actor in (string[])[Assignment.User, Assignment.Group])
        {
            Map(routes, $"/v3/system/{actor}s/{{actor}}/roles", "", new Kind(actor, Assignment.System, false));
            foreach (var target in (string[])[Assignment.Project, Assignment.Domain])
            {
                var path = $"{target}s/{{target}}/{actor}s/{{actor}}/roles";
                Map(routes, "/v3/" + path, "", new Kind(actor, target, false));
                Map(routes, "/v3/OS-INHERIT/" + path, "/inherited_to_projects", new Kind(actor, target, true));
            }
        }
    }

    private void Map(Routes routes, string path, string end, Kind kind)
    {
        routes.Look(path + end, call => List(call, kind));
        routes.Look(path + "/{role}" + end, call => Check(call, kind));
        routes.Put(path + "/{role}" + end, call => Grant(call, kind));
        routes.Delete(path + "/{role}" + end, call => Revoke(call, kind));
    }

    private async Task List(Call call, Kind kind)
    {
        var rows = await changes.Db.Read(
            async reader =>
            {
                await Find(call, kind, reader, "list_grants", write: false);
                return await AssignmentStore.Roles(reader, kind.Of(call, ""));
            },
            call.Cancel);
        await call.List(RoleWire.Role, rows);
    }

    private async Task Check(Call call, Kind kind)
    {
        var has = await changes.Db.Read(
            async reader =>
            {
                await Find(call, kind, reader, "check_grant", write: false);
                return await AssignmentStore.Has(reader, kind.Of(call));
            },
            call.Cancel);
        await (has ? call.Empty(204) : throw NoGrant(call));
    }

    private async Task Grant(Call call, Kind kind)
    {
        await changes.Make(
            call,
            new Act("grant", "role", kind.Name(call)),
            Scopes.Standing,
            async tx =>
            {
                var found = await Find(call, kind, tx, "create_grant", write: true);
                await Reach.MustGive(tx, call.Actor, call.Route("role"), "create_grant");
                var home = found.Role!.DomainId;
                if (home.Length > 0 && home != found.TargetDomainId)
                {
                    throw Fault.Forbidden($"The role {found.Role.Id} belongs to the domain {home} and can be given there only.");
                }

                await AssignmentStore.Grant(tx, kind.Of(call));
            });
        await call.Empty(204);
    }

    private async Task Revoke(Call call, Kind kind)
    {
        var revoked = await changes.Make(
            call,
            new Act("revoke", "role", kind.Name(call)),
            Scopes.Standing,
            async tx =>
            {
                // Roles of users and groups that are gone went with them, so that nothing is left to find here.
                await Find(call, kind, tx, "revoke_grant", write: true);
                await Reach.MustGive(tx, call.Actor, call.Route("role"), "revoke_grant");
                return await AssignmentStore.Revoke(tx, kind.Of(call));
            });
        await (revoked ? call.Empty(204) : throw NoGrant(call));
    }

    // Who may: admins; managers of a domain, where target and actor are both in it. Then everything named must exist.
    private static async Task<Found> Find(Call call, Kind kind, Reader reader, string action, bool write)
    {
        var target = kind.TargetType == Assignment.System ? null : await ProjectStore.Find(reader, call.Route("target"));
        target = kind.TargetType == Assignment.Domain && target is { IsDomain: false } ? null : target;
        var actorId = call.Route("actor");
        var actorDomain = kind.ActorType == Assignment.User ? (await UserStore.Find(reader, actorId))?.DomainId : (await GroupStore.Find(reader, actorId))?.DomainId;
        var role = call.Http.Request.RouteValues.ContainsKey("role") ? await RoleStore.Find(reader, call.Route("role")) : null;
        var me = call.Actor;
        Rules.Must(write ? me.ManagesDomain(target?.HomeDomainId) && me.ManagesDomain(actorDomain) : me.ReadsDomain(target?.HomeDomainId) && me.ReadsDomain(actorDomain), action);
        if (kind.TargetType != Assignment.System && target is null)
        {
            throw Rules.Missing(kind.TargetType, call.Route("target"));
        }

        _ = actorDomain ?? throw Rules.Missing(kind.ActorType, actorId);
        return call.Http.Request.RouteValues.ContainsKey("role") && role is null
            ? throw Rules.Missing("role", call.Route("role"))
            : new Found(target?.HomeDomainId, role);
    }

    private static Fault NoGrant(Call call) => Fault.NotFound($"Could not find role assignment with role: {call.Route("role")}, user or group: {call.Route("actor")}.");

    private sealed record Found(string? TargetDomainId, RoleRow? Role);

    private sealed record Kind(string ActorType, string TargetType, bool Inherited)
    {
        public string TargetOf(Call call) => TargetType == Assignment.System ? Assignment.System : call.Route("target");

        public string Name(Call call) => $"{call.Route("role")} {ActorType} {call.Route("actor")} {TargetType} {TargetOf(call)}";

        public Assignment Of(Call call) => Of(call, call.Route("role"));

        public Assignment Of(Call call, string role) => new()
        {
            ActorType = ActorType,
            ActorId = call.Route("actor"),
            TargetType = TargetType,
            TargetId = TargetOf(call),
            RoleId = role,
            Inherited = Inherited,
        };
    }
}
