using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Identity.Tokens;

/// <summary>A user, project or domain as a login names it: by id, or by name and domain.</summary>
internal sealed record Named(string? Id, string? Name, Named? Domain)
{
    public static Named Of(Input input, bool domain = true)
    {
        var named = new Named(input.OptionalString("id", 1), input.OptionalString("name", 1), domain && input.OptionalObject("domain") is { } d ? Of(d, false) : null);
        return named is { Id: null, Name: null } ? throw input.Refuse("id", "", "'id' or 'name' is a required property") : named;
    }
}

/// <summary>What a login asks for: how the user proves who they are, and the scope.</summary>
internal sealed record AuthRequest
{
    public const string Password = "password";
    public const string Token = "token";
    public const string AppCredential = "application_credential";

    public (Named User, string Secret)? ByPassword { get; init; }

    public string? ByToken { get; init; }

    public (Named Credential, Named? User, string Secret)? ByAppCredential { get; init; }

    /// <summary>Whether <c>"scope": "unscoped"</c> was asked, which leaves out the default project.</summary>
    public bool Unscoped { get; init; }

    public Named? Project { get; init; }

    public Named? Domain { get; init; }

    public bool System { get; init; }

    public string? TrustId { get; init; }

    /// <summary>Reads <c>{"auth": {"identity": …, "scope": …}}</c>.</summary>
    public static AuthRequest Parse(Input body)
    {
        var auth = body.Object("auth");
        var identity = auth.Object("identity");
        var methods = identity.OptionalStrings("methods", 10) ?? throw identity.Refuse("methods", "", "'methods' is a required property");
        if (methods.Count == 0 || methods.Any(m => m is not (Password or Token or AppCredential)))
        {
            throw Fault.Unauthorized("Attempted to authenticate with an unsupported method.");
        }

        var request = new AuthRequest();
        foreach (var method in methods)
        {
            var proof = identity.OptionalObject(method) ?? throw Fault.BadRequest(
                $"Expecting to find {method} in identity. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.");
            request = WithProof(request, method, proof);
        }

        return WithScope(request, auth);
    }

    private static AuthRequest WithProof(AuthRequest request, string method, Input proof)
    {
        switch (method)
        {
            case Token:
                return request with { ByToken = proof.String("id", 1, 2048) };
            case AppCredential:
                var user = proof.OptionalObject("user") is { } owner ? Named.Of(owner) : null;
                return request with { ByAppCredential = (Named.Of(proof, domain: false), user, proof.String("secret", 1, 4096)) };
            default:
                var person = proof.Object("user");
                return request with { ByPassword = (Named.Of(person), person.OptionalString("password", 0, 4096) ?? "") };
        }
    }

    private static AuthRequest WithScope(AuthRequest request, Input auth)
    {
        if (auth.Raw("scope") is not { } raw)
        {
            return request;
        }

        if (raw.ValueKind == global::System.Text.Json.JsonValueKind.String)
        {
            return auth.OptionalString("scope") == "unscoped" ? request with { Unscoped = true } : throw auth.Refuse("scope", "", "the only word for it is 'unscoped'");
        }

        if (auth.OptionalObject("scope") is not { } scope)
        {
            return request;
        }

        var kinds = new[] { "project", "domain", "system", "OS-TRUST:trust" }.Where(scope.Has).ToArray();
        return kinds is not [var kind] ? throw auth.Refuse("scope", "", "it takes exactly one of project, domain, system, OS-TRUST:trust") : kind switch
        {
            "project" => request with { Project = Named.Of(scope.Object(kind)) },
            "domain" => request with { Domain = Named.Of(scope.Object(kind), domain: false) },
            "system" => scope.Object(kind).OptionalBoolean("all") == true
                ? request with { System = true }
                : throw scope.Refuse(kind, "", "the only system scope is {\"all\": true}"),
            _ => request with { TrustId = scope.Object(kind).String("id") },
        };
    }
}
