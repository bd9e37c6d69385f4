using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Identity.Delegation;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Credentials;

/// <summary>
/// Routes under /v3/credentials. Users keep their own; readers of the cloud look, admins change all. The secrets are good for more
/// than a delegation may be, so a delegated token does not even see them.
/// </summary>
internal sealed class CredentialApi(Changes changes, CredentialBook book) : IIdentityApi
{
    private const string One = "/v3/credentials/{id}";
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("user_id", "type");

    public void Map(Routes routes)
    {
        routes.Look("/v3/credentials", List);
        routes.Post("/v3/credentials", Create);
        routes.Look(One, Show);
        routes.Patch(One, Update);
        routes.Delete(One, Delete);
    }

    private async Task List(Call call)
    {
        AppCredentialApi.RefuseDelegated(call);
        var rows = await changes.Db.Read(
            reader =>
            {
                var query = Filters.Of(call, reader, "identity_credential", Columns);
                if (!call.Actor.ReadsCloud())
                {
                    query.Where("user_id = @own", ("own", call.Actor.UserId));
                }

                return query.Page<CredentialRow>(reader, "*");
            },
            call.Cancel);
        await call.List(CredentialWire.Credential, await book.Open(rows));
    }

    private async Task Create(Call call)
    {
        AppCredentialApi.RefuseDelegated(call);
        var input = (await call.Body()).Object("credential");
        var type = input.String("type");
        var blob = input.String("blob", 1, Words.LongestText);
        var key = type == CredentialRow.Ec2 ? Ec2Blob.Parse(blob) : null;
        var read = new CredentialRow
        {
            Id = key is null ? changes.Ids.Hex() : CredentialBook.IdOf(key.Access),
            UserId = input.OptionalId("user_id") ?? call.Actor.UserId,
            ProjectId = input.OptionalId("project_id"),
            Type = type,
            Blob = blob,
            Access = key?.Access,
        };
        var row = read with { Extra = Extra.Of(input) };
        Rules.Must(call.Actor.IsAdmin || row.UserId == call.Actor.UserId, "create_credential");
        if (key is not null && row.ProjectId is null)
        {
            throw input.Refuse("project_id", "", "'project_id' is a required property");
        }

        var closed = await book.Seal(row);
        await changes.Make(
            call,
            Act.Create("credential", row.Id),
            Scopes.Keys,
            async tx =>
            {
                await Check(tx, row, call.Actor);
                await CredentialBook.Insert(tx, closed);
            });
        await call.Show(CredentialWire.Credential, row, 201);
    }

    private async Task Show(Call call)
    {
        AppCredentialApi.RefuseDelegated(call);
        await call.Show(CredentialWire.Credential, await book.Open(await Find(call, "get_credential", call.Actor.ReadsCloud())));
    }

    private async Task Update(Call call)
    {
        AppCredentialApi.RefuseDelegated(call);
        var before = await book.Open(await Find(call, "update_credential", call.Actor.IsAdmin));
        var input = (await call.Body()).Object("credential");
        input.Unchanged("user_id", before.UserId);
        var changed = before with
        {
            Type = input.OptionalString("type", 1) ?? before.Type,
            Blob = input.OptionalString("blob", 1, Words.LongestText) ?? before.Blob,
            ProjectId = input.Has("project_id") ? input.OptionalId("project_id") : before.ProjectId,
        };
        var key = changed.Type == CredentialRow.Ec2 ? Ec2Blob.Parse(changed.Blob) : null;
        var row = changed with { Access = key?.Access, Extra = Extra.Of(input, before.Extra) };
        var closed = await book.Seal(row);
        await changes.Make(
            call,
            Act.Update("credential", row.Id),
            Scopes.Keys,
            async tx =>
            {
                await Check(tx, row, call.Actor);
                await CredentialBook.Update(tx, closed);
            });
        await call.Show(CredentialWire.Credential, row);
    }

    private async Task Delete(Call call)
    {
        AppCredentialApi.RefuseDelegated(call);
        var row = await Find(call, "delete_credential", call.Actor.IsAdmin);
        await changes.Make(call, Act.Delete("credential", row.Id), Scopes.Keys, tx => CredentialBook.Delete(tx, row.Id));
        await call.Empty(204);
    }

    private async Task<CredentialRow> Find(Call call, string action, bool all)
    {
        var id = call.Route("id");
        var row = await changes.Db.Read(r => CredentialBook.Find(r, id), call.Cancel);
        Rules.Must(all || row?.UserId == call.Actor.UserId, action);
        return row ?? throw Rules.Missing("credential", id);
    }

    // A user's key acts in its project with the user's roles there, so it does no harm where the user has none; only admins may note any.
    private static async Task Check(Reader reader, CredentialRow row, Actor actor)
    {
        _ = await UserStore.Find(reader, row.UserId) ?? throw Rules.Missing("user", row.UserId);
        if (row.ProjectId is { } project && actor.IsAdmin && await ProjectStore.Find(reader, project) is null)
        {
            throw Rules.Missing("project", project);
        }
    }
}
