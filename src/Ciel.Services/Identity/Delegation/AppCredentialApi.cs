using System.Buffers.Text;
using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Tokens;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Delegation;

/// <summary>Routes under /v3/users/{user}/application_credentials. Only users themselves make them; admins may look and delete.</summary>
internal sealed class AppCredentialApi(Changes changes, PasswordHasher hasher, ISecrets secrets) : IIdentityApi
{
    private const string All = "/v3/users/{user}/application_credentials";
    private static readonly IReadOnlyDictionary<string, Column> Columns = Filters.Columns("id", "name");

    public void Map(Routes routes)
    {
        routes.Look(All, List);
        routes.Post(All, Create);
        routes.Look(All + "/{id}", Show);
        routes.Delete(All + "/{id}", Delete);
    }

    private async Task List(Call call)
    {
        Rules.Must(call.Actor.UserId == call.Route("user") || call.Actor.ReadsCloud(), "list_application_credentials");
        var rows = await changes.Db.Read(
            async reader =>
            {
                _ = await UserStore.Find(reader, call.Route("user")) ?? throw Rules.Missing("user", call.Route("user"));
                var query = Filters.Of(call, reader, "identity_app_credential", Columns).Where("user_id = @owner", ("owner", call.Route("user")));
                var whole = new List<AppCredential>();
                foreach (var row in await query.Page<AppCredentialRow>(reader, "*"))
                {
                    whole.Add(await AppCredentialStore.Whole(reader, row));
                }

                return whole;
            },
            call.Cancel);
        await call.List(AppCredentialWire.View(call), rows);
    }

    private async Task Create(Call call)
    {
        var bearer = MayDelegate(call, "create_application_credential");
        var input = (await call.Body()).Object("application_credential");
        var read = AppCredentialInput.Read(input, bearer, changes.Ids, await changes.Db.Now(call.Cancel));
        var given = input.OptionalString("secret", 1, 4096);
        var secret = given ?? NewSecret();
        var hash = given is null ? SecretHash.OfRandom(secret) : await hasher.Hash(secret);
        var made = await changes.Make(
            call,
            Act.Create("application_credential", read.Row.Id),
            null,
            async tx =>
            {
                var rules = new List<AccessRule>();
                foreach (var rule in read.Rules)
                {
                    rules.Add(await AccessRuleStore.Keep(tx, read.Row.UserId, rule));
                }

                var whole = read with { Row = read.Row with { SecretHash = hash, CreatedAt = tx.Now }, Rules = rules };
                await AppCredentialStore.Insert(tx, whole);
                return whole;
            },
            $"Conflict occurred attempting to store application_credential - Duplicate entry found with name {read.Row.Name}.");
        await call.Show(AppCredentialWire.View(call), made, 201, json => json.WriteString("secret", secret));
    }

    private async Task Show(Call call)
    {
        Rules.Must(call.Actor.UserId == call.Route("user") || call.Actor.ReadsCloud(), "get_application_credential");
        await call.Show(AppCredentialWire.View(call), await changes.Db.Read(async r => await AppCredentialStore.Whole(r, await Find(call, r)), call.Cancel));
    }

    private async Task Delete(Call call)
    {
        Rules.Must(call.Actor.UserId == call.Route("user") || call.Actor.IsAdmin, "delete_application_credential");
        RefuseDelegated(call);
        await changes.Make(
            call,
            Act.Delete("application_credential", call.Route("id")),
            Scopes.Standing,
            async tx => await AppCredentialStore.Delete(tx, (await Find(call, tx)).Id));
        await call.Empty(204);
    }

    /// <summary>The bearer, who is the user in the path and holds a token that may delegate.</summary>
    internal static Proven MayDelegate(Call call, string action)
    {
        Rules.Must(call.Actor.UserId == call.Route("user"), action);
        RefuseDelegated(call);
        return call.Token();
    }

    internal static void RefuseDelegated(Call call)
    {
        if (call.Token().Delegated)
        {
            throw Fault.Forbidden("Using method 'application_credential' is not allowed for managing additional application credentials.");
        }
    }

    private string NewSecret()
    {
        Span<byte> bytes = stackalloc byte[48];
        secrets.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    private static async Task<AppCredentialRow> Find(Call call, Core.Store.Reader reader) =>
        await AppCredentialStore.Find(reader, call.Route("id")) is { } row && row.UserId == call.Route("user")
            ? row
            : throw Rules.Missing("Application Credential", call.Route("id"));
}
