using Ciel.Core.Http;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Roles;

namespace Ciel.Services.Identity.Users;

/// <summary>Routes under /v3/users.</summary>
internal sealed class UserApi(Changes changes, PasswordHasher hasher) : IIdentityApi
{
    private const string One = "/v3/users/{id}";

    public void Map(Routes routes)
    {
        routes.Look("/v3/users", List);
        routes.Post("/v3/users", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
        routes.Look(One + "/projects", Projects);
        routes.Look(One + "/groups", Groups);
    }

    private async Task List(Call call)
    {
        var domain = call.Query("domain_id") ?? call.Actor.DomainId;
        call.MustReadDomain(domain, "list_users");
        var (rows, limit) = await changes.Db.Read(
            async reader =>
            {
                var query = UserStore.Filtered(call, reader);
                if (!call.Actor.ReadsCloud())
                {
                    query.Where("domain_id = @own", ("own", domain));
                }

                return (await query.Page<UserRow>(reader, "*"), query.Limit);
            },
            call.Cancel);
        await call.List(UserWire.User, rows, limit);
    }

    private async Task Create(Call call)
    {
        var (row, password) = UserInput.Create((await call.Body()).Object("user"), changes.Ids.Hex(), call.Actor);
        call.MustManageDomain(row.DomainId, "create_user");
        var made = row with { PasswordHash = password is null ? null : await hasher.Hash(password) };
        await changes.Make(
            call,
            Act.Create("user", row.Id),
            Scopes.Standing,
            async tx =>
            {
                if (await ProjectStore.Domain(tx, row.DomainId) is null)
                {
                    throw Rules.Missing("domain", row.DomainId);
                }

                await UserStore.Insert(tx, made with { CreatedAt = tx.Now });
            },
            Taken(row));
        await call.Show(UserWire.User, made, 201);
    }

    private async Task Show(Call call) => await call.Show(UserWire.User, await Readable(call, "get_user"));

    private async Task Update(Call call)
    {
        var before = await Managed(call, "update_user");
        var input = (await call.Body()).Object("user");
        var (row, password) = UserInput.Change(input, before, await changes.Db.Now(call.Cancel));
        var changed = password is null ? row : row with { PasswordHash = await hasher.Hash(password) };
        await changes.Make(
            call,
            Act.Update("user", row.Id),
            Scopes.Standing,
            async tx =>
            {
                await Reach.MustCover(tx, call.Actor, row.Id, "update_user");
                await UserStore.Update(tx, changed);
            },
            Taken(row));
        await call.Show(UserWire.User, changed);
    }

    private async Task Delete(Call call)
    {
        var row = await Managed(call, "delete_user");
        await changes.Make(
            call,
            Act.Delete("user", row.Id),
            Scopes.Standing,
            async tx =>
            {
                await Reach.MustCover(tx, call.Actor, row.Id, "delete_user");
                await UserRemoval.Remove(tx, row.Id);
            });
        await call.Empty(204);
    }

    private async Task Projects(Call call)
    {
        var user = await Readable(call, "list_user_projects");
        var rows = await changes.Db.Read(
            async reader =>
            {
                var mine = (await UserScopes.Projects(reader, user.Id)).Select(p => p.Id).ToHashSet();
                var asked = await ProjectLists.Of(call, reader).Page<ProjectRow>(reader, "*");
                return await TagStore.WithTags(reader, [.. asked.Where(p => mine.Contains(p.Id))]);
            },
            call.Cancel);
        await call.List(ProjectWire.Project, rows);
    }

    private async Task Groups(Call call)
    {
        var user = await Readable(call, "list_groups_for_user");
        var rows = await changes.Db.Read(
            async reader =>
            {
                return await GroupStore.Filtered(call, reader, member: user.Id).Page<GroupRow>(reader, "*");
            },
            call.Cancel);
        await call.List(GroupWire.Group, rows);
    }

    private async Task<UserRow> Readable(Call call, string action)
    {
        var id = call.Route("id");
        var row = await changes.Db.Read(r => UserStore.Find(r, id), call.Cancel);
        Rules.Must(call.Actor.UserId == id || call.Actor.ReadsDomain(row?.DomainId), action);
        return row ?? throw Rules.Missing("user", id);
    }

    private async Task<UserRow> Managed(Call call, string action)
    {
        var id = call.Route("id");
        var row = await changes.Db.Read(r => UserStore.Find(r, id), call.Cancel);
        call.MustManageDomain(row?.DomainId, action);
        return row ?? throw Rules.Missing("user", id);
    }

    private static string Taken(UserRow row) => $"Conflict occurred attempting to store user - Duplicate entry found with name {row.Name} at domain ID {row.DomainId}.";
}
