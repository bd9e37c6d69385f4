using System.Text.Json;
using Ciel.Core;
using Ciel.Core.Http;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Delegation;
using Ciel.Services.Identity.Tokens;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Credentials;

/// <summary>Routes under /v3/users/{user}/credentials/OS-EC2: keys for S3 and EC2, made by Ciel.</summary>
internal sealed class Ec2Api(Changes changes, CredentialBook book, ISecrets secrets) : IIdentityApi
{
    private const string All = "/v3/users/{user}/credentials/OS-EC2";

    public void Map(Routes routes)
    {
        routes.Look(All, List);
        routes.Post(All, Create);
        routes.Look(All + "/{access}", Show);
        routes.Delete(All + "/{access}", Delete);
    }

    private async Task List(Call call)
    {
        Rules.Must(call.Actor.UserId == call.Route("user") || call.Actor.ReadsCloud(), "ec2_list_credentials");
        AppCredentialApi.RefuseDelegated(call);
        var rows = await changes.Db.Read(
            async reader =>
            {
                _ = await UserStore.Find(reader, call.Route("user")) ?? throw Rules.Missing("user", call.Route("user"));
                return await CredentialBook.Ec2Of(reader, call.Route("user"));
            },
            call.Cancel);
        await call.List(View(call), await book.Open(rows));
    }

    private async Task Create(Call call)
    {
        Rules.Must(call.Actor.UserId == call.Route("user") || call.Actor.IsAdmin, "ec2_create_credential");
        AppCredentialApi.RefuseDelegated(call);
        var input = await call.Body();
        var project = input.OptionalId("tenant_id") ?? call.Actor.ProjectId ?? throw input.Refuse("tenant_id", "", "'tenant_id' is a required property");
        var key = new Ec2Blob(Random(), Random(), null);
        var row = new CredentialRow { Id = CredentialBook.IdOf(key.Access), UserId = call.Route("user"), ProjectId = project, Type = CredentialRow.Ec2, Blob = key.Text, Access = key.Access };
        var closed = await book.Seal(row);
        await changes.Make(
            call,
            Act.Create("credential", row.Id),
            Scopes.Keys,
            async tx =>
            {
                _ = await UserStore.Find(tx, row.UserId) ?? throw Rules.Missing("user", row.UserId);
                if (await Standings.Load(tx, new StandingKey(row.UserId, ScopeKind.Project, project, null, null)) is null)
                {
                    throw Rules.Missing("project", project);
                }

                await CredentialBook.Insert(tx, closed);
            });
        await call.Show(View(call), row, 201);
    }

    private async Task Show(Call call)
    {
        AppCredentialApi.RefuseDelegated(call);
        await call.Show(View(call), await book.Open(await Find(call, "ec2_get_credential", call.Actor.ReadsCloud())));
    }

    private async Task Delete(Call call)
    {
        AppCredentialApi.RefuseDelegated(call);
        var row = await Find(call, "ec2_delete_credential", call.Actor.IsAdmin);
        await changes.Make(call, Act.Delete("credential", row.Id), Scopes.Keys, tx => CredentialBook.Delete(tx, row.Id));
        await call.Empty(204);
    }

    private async Task<CredentialRow> Find(Call call, string action, bool all)
    {
        var (user, access) = (call.Route("user"), call.Route("access"));
        Rules.Must(all || user == call.Actor.UserId, action);
        var row = await changes.Db.Read(r => CredentialBook.Ec2(r, user, access), call.Cancel);
        return row ?? throw Rules.Missing("credential", access);
    }

    private static View<CredentialRow> View(Call call) => new("credential", "credentials", $"users/{call.Route("user")}/credentials/OS-EC2", c => c.Access!, Fields);

    private static void Fields(Utf8JsonWriter json, CredentialRow row)
    {
        var key = Ec2Blob.Parse(row.Blob);
        json.WriteString("user_id", row.UserId);
        json.WriteString("tenant_id", row.ProjectId);
        json.WriteString("access", key.Access);
        json.WriteString("secret", key.Secret);
        json.WriteString("trust_id", key.TrustId);
    }

    // 128 bits, as Keystone's.
    private string Random()
    {
        Span<byte> bytes = stackalloc byte[16];
        secrets.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
