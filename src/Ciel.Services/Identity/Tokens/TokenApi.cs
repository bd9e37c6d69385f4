using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Identity.Catalog;

namespace Ciel.Services.Identity.Tokens;

/// <summary>Routes under /v3/auth/tokens: log in, look, revoke.</summary>
internal sealed class TokenApi(Db db, Core.Ids ids, Login login, TokenChecker checker, Catalogs catalogs) : IIdentityApi
{
    private const string Subject = "X-Subject-Token";

    public void Map(Routes routes)
    {
        routes.Open("POST", "/v3/auth/tokens", Issue);
        routes.Look("/v3/auth/tokens", Show);
        routes.Delete("/v3/auth/tokens", Revoke);
        routes.Look("/v3/auth/catalog", Catalog);
    }

    private async Task Issue(Call call)
    {
        var (text, proven) = await login.Run(AuthRequest.Parse(await call.Body()));
        call.Http.Response.Headers[Subject] = text;
        await Answer(call, proven, 201);
    }

    private async Task Show(Call call)
    {
        var (text, proven) = await SubjectOf(call, "validate_token");
        call.Http.Response.Headers[Subject] = text;
        await Answer(call, proven, 200);
    }

    private async Task Revoke(Call call)
    {
        var (_, proven) = await SubjectOf(call, "revoke_token");
        await db.Write(
            async tx =>
            {
                await checker.Revoke(tx, proven.Token);
                await AuditLog.Note(tx, ids.Hex(), call.Actor, "revoke", "token", proven.Token.AuditId);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private async Task Catalog(Call call)
    {
        var catalog = call.Token().Token.Scope == Core.Trust.ScopeKind.None
            ? throw Fault.Forbidden("This needs a token with a scope.")
            : await catalogs.Of(call.Actor.ProjectId);
        await call.Json(200, json =>
        {
            json.WriteStartObject();
            Catalogs.Write(json, catalog, call.CloudUrl(), call.Actor.ProjectId);
            json.WriteStartObject("links");
            json.WriteNull("next");
            json.WriteString("self", $"{call.BaseUrl}/v3/auth/catalog");
            json.WriteNull("previous");
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    // Users may look at and revoke their own tokens; services and readers of the cloud may look at everyone's.
    private async Task<(string Text, Proven Proven)> SubjectOf(Call call, string action)
    {
        var text = call.Http.Request.Headers[Subject].ToString();
        if (text.Length == 0)
        {
            throw Fault.BadRequest("The header X-Subject-Token is missing. Put the token in it that this is about.");
        }

        var proven = await checker.Check(text);
        var mine = proven is not null && proven.Token.UserId == call.Actor.UserId;
        var all = action == "revoke_token" ? call.Actor.IsAdmin : call.Actor.ReadsCloud() || call.Actor.Has("service");
        Rules.Must(mine || all || proven is null, action);
        return proven is null ? throw Fault.NotFound("Could not find token.") : (text, proven);
    }

    private async Task Answer(Call call, Proven proven, int status)
    {
        var catalog = call.Http.Request.Query.ContainsKey("nocatalog") ? null : await catalogs.Of(proven.Standing.Actor.ProjectId);
        await call.Json(status, json => TokenWire.Write(json, proven, catalog, call.CloudUrl()));
    }
}
