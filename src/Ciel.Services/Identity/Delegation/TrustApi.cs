using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Services.Identity.Roles;
using Ciel.Services.Identity.Tokens;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Delegation;

/// <summary>Routes under /v3/OS-TRUST/trusts. Only the trustor makes one; both sides, and readers of the cloud, may look.</summary>
internal sealed class TrustApi(Changes changes) : IIdentityApi
{
    private const string All = "/v3/OS-TRUST/trusts";
    private const string One = All + "/{id}";
    private static readonly IReadOnlyDictionary<string, Column> Columns = new Dictionary<string, Column> { ["trustor_user_id"] = new("trustor_id"), ["trustee_user_id"] = new("trustee_id") };

    public void Map(Routes routes)
    {
        routes.Look(All, List);
        routes.Post(All, Create);
        routes.Look(One, Show);
        routes.Delete(One, Delete);
        routes.Look(One + "/roles", ListRoles);
        routes.Look(One + "/roles/{role}", ShowRole);
    }

    private async Task List(Call call)
    {
        var mine = call.Query("trustor_user_id") == call.Actor.UserId || call.Query("trustee_user_id") == call.Actor.UserId;
        Rules.Must(mine || call.Actor.ReadsCloud(), "list_trusts");
        var rows = await changes.Db.Read(
            reader => Filters.Of(call, reader, "identity_trust", Columns).Where("deleted_at IS NULL").Page<TrustRow>(reader, "*"), call.Cancel);
        await call.List(TrustWire.Trust, [.. rows.Select(r => new Trust(r, null))]);
    }

    private async Task Create(Call call)
    {
        var input = (await call.Body()).Object("trust");
        var bearer = call.Token();
        var row = TrustInput.Read(input, changes.Ids.Hex(), await changes.Db.Now(call.Cancel));
        Rules.Must(row.TrustorId == call.Actor.UserId && row.ProjectId == call.Actor.ProjectId, "create_trust");
        var parent = bearer.Token.TrustId is { } id ? await changes.Db.Read(r => TrustStore.Find(r, id), call.Cancel) ?? throw Fault.Unauthorized() : null;
        var made = TrustInput.Redelegated(bearer.Standing.AppCredential is { Unrestricted: false } ? throw Rules.Forbidden("create_trust") : row, parent);
        var roles = TrustInput.Roles(input, bearer.Standing.Roles);
        await changes.Make(
            call,
            Act.Create("trust", row.Id),
            null,
            async tx =>
            {
                _ = await UserStore.Find(tx, row.TrusteeId) ?? throw Rules.Missing("user", row.TrusteeId);
                await TrustStore.Insert(tx, made with { CreatedAt = tx.Now }, roles.Select(r => r.Id));
            });
        await call.Show(TrustWire.Trust, new Trust(made, roles) { Links = call }, 201);
    }

    private async Task Show(Call call)
    {
        var (row, roles) = await Find(call, "get_trust");
        await call.Show(TrustWire.Trust, new Trust(row, roles) { Links = call });
    }

    private async Task Delete(Call call)
    {
        var (row, _) = await Find(call, "delete_trust");
        Rules.Must(call.Actor.UserId == row.TrustorId || call.Actor.IsAdmin, "delete_trust");
        await changes.Make(call, Act.Delete("trust", row.Id), Scopes.Standing, tx => TrustStore.Delete(tx, row.Id));
        await call.Empty(204);
    }

    private async Task ListRoles(Call call)
    {
        var (_, roles) = await Find(call, "list_roles_for_trust");
        await call.List(RoleWire.Role, roles);
    }

    private async Task ShowRole(Call call)
    {
        var (_, roles) = await Find(call, "get_role_for_trust");
        await call.Show(RoleWire.Role, roles.FirstOrDefault(r => r.Id == call.Route("role")) ?? throw Rules.Missing("role", call.Route("role")));
    }

    private async Task<(TrustRow Row, IReadOnlyList<RoleRow> Roles)> Find(Call call, string action)
    {
        var id = call.Route("id");
        var (row, roles) = await changes.Db.Read(
            async reader => (await TrustStore.Find(reader, id), await TrustStore.Roles(reader, id)),
            call.Cancel);
        var mine = row is not null && (row.TrustorId == call.Actor.UserId || row.TrusteeId == call.Actor.UserId);
        Rules.Must(mine || row is null || call.Actor.ReadsCloud(), action);
        var expired = row?.ExpiresAt <= await changes.Db.Now(call.Cancel);
        return row is null || expired ? throw Rules.Missing("trust", id) : (row, roles);
    }
}
