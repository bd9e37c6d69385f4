using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.Identity.Tokens;

/// <summary>Reads X-Auth-Token for every service, and holds application credentials to their access rules.</summary>
internal sealed class Authenticator(TokenChecker checker) : IAuthenticator
{
    public async ValueTask<Actor> Authenticate(HttpContext http)
    {
        var proven = await checker.Check(http.Request.Headers["X-Auth-Token"]) ?? throw Fault.Unauthorized();
        if (proven.Standing.AppCredential is { Rules.Count: > 0 } credential && !credential.Rules.Any(r => AccessRules.Allows(r, http.Request)))
        {
            throw Fault.Unauthorized();
        }

        http.Features.Set(proven);
        return proven.Standing.Actor;
    }
}

/// <summary>The token behind a call to identity.</summary>
internal static class ProvenCall
{
    public static Proven Token(this Call call) => call.Http.Features.Get<Proven>() ?? throw Fault.Unauthorized();
}
