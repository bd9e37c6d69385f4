using Ciel.Core.Http;
using Ciel.Services.Identity.Roles;

namespace Ciel.Services.Identity.Users;

/// <summary>Routes under /v3/groups/{id}/users.</summary>
internal sealed class MembershipApi(Changes changes) : IIdentityApi
{
    private const string All = "/v3/groups/{id}/users";
    private const string One = "/v3/groups/{id}/users/{user}";

    public void Map(Routes routes)
    {
        routes.Look(All, List);
        routes.Look(One, Check);
        routes.Put(One, Add);
        routes.Delete(One, Remove);
    }

    private async Task List(Call call)
    {
        var (group, _) = await Found(call, "list_users_in_group", write: false, withUser: false);
        var rows = await changes.Db.Read(
            reader => UserStore.Filtered(call, reader, memberOf: group.Id).Page<UserRow>(reader, "*"),
            call.Cancel);
        await call.List(UserWire.User, rows);
    }

    private async Task Check(Call call)
    {
        var (group, user) = await Found(call, "check_user_in_group", write: false);
        var has = await changes.Db.Read(r => GroupStore.Has(r, group.Id, user!.Id), call.Cancel);
        await (has ? call.Empty(204) : throw NoMember(user!.Id, group.Id));
    }

    private async Task Add(Call call)
    {
        var (group, user) = await Found(call, "add_user_to_group", write: true);
        await changes.Make(
            call,
            new Act("add", "group_member", $"{group.Id}/{user!.Id}"),
            Scopes.Standing,
            async tx =>
            {
                // Whoever joins gets what the group may.
                await Reach.MustCover(tx, call.Actor, group.Id, "add_user_to_group");
                await GroupStore.Join(tx, group.Id, user.Id);
            });
        await call.Empty(204);
    }

    private async Task Remove(Call call)
    {
        var (group, user) = await Found(call, "remove_user_from_group", write: true);
        var left = await changes.Make(
            call,
            new Act("remove", "group_member", $"{group.Id}/{user!.Id}"),
            Scopes.Standing,
            async tx =>
            {
                await Reach.MustCover(tx, call.Actor, group.Id, "remove_user_from_group");
                return await GroupStore.Leave(tx, group.Id, user.Id);
            });
        await (left ? call.Empty(204) : throw NoMember(user.Id, group.Id));
    }

    private async Task<(GroupRow Group, UserRow? User)> Found(Call call, string action, bool write, bool withUser = true)
    {
        var userId = withUser ? call.Route("user") : null;
        var (group, user) = await changes.Db.Read(
            async reader => (await GroupStore.Find(reader, call.Route("id")), userId is null ? null : await UserStore.Find(reader, userId)), call.Cancel);
        var actor = call.Actor;
        var allowed = write
            ? actor.ManagesDomain(group?.DomainId) && actor.ManagesDomain(user?.DomainId)
            : actor.ReadsDomain(group?.DomainId) && (!withUser || actor.ReadsDomain(user?.DomainId));
        Rules.Must(allowed, action);
        _ = group ?? throw Rules.Missing("group", call.Route("id"));
        return withUser && user is null ? throw Rules.Missing("user", userId!) : (group, user);
    }

    private static Core.Errors.Fault NoMember(string userId, string groupId) => Core.Errors.Fault.NotFound($"User {userId} is not found in group {groupId}.");
}
