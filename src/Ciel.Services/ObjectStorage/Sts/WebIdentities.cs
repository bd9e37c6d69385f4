using System.Text.Json;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Iam;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Sts;

/// <summary>Somebody for whom a provider vouches.</summary>
/// <param name="Provider">The provider, as an account knows it.</param>
/// <param name="Subject">Who.</param>
/// <param name="Audience">To whom it was said.</param>
/// <param name="Conditions">What trust policies may ask, by key in lower case.</param>
internal sealed record WebIdentity(IamRow Provider, string Subject, string Audience, IReadOnlyDictionary<string, IReadOnlyList<string>> Conditions);

/// <summary>
/// Checks the tokens of OpenID Connect providers (OpenID Connect Core 1.0, 3.1.3.7): the issuer is a provider of the role's account, the signature is by
/// one of its keys, the audience is one of its clients', and the time is right.
/// </summary>
internal sealed class WebIdentities(IamKeys iam, ProviderKeys keys)
{
    private const long Skew = 300;

    public async Task<WebIdentity> Verify(QueryCall query, string account, string text)
    {
        var token = JsonWebToken.Parse(text) ?? throw Invalid("The ID Token provided is not a valid JWT");
        var claims = token.Claims;
        var issuer = Text(claims, "iss") ?? throw Invalid("Issuer must be a valid URL");
        var at = issuer.IndexOf("://", StringComparison.Ordinal);
        var provider = at < 0 ? null : await iam.Named(account, IamKinds.Provider, issuer[(at + 3)..].TrimEnd('/'));
        if (provider is null || provider.Content.Url.TrimEnd('/') != issuer.TrimEnd('/'))
        {
            throw Invalid("No OpenIDConnect provider found in your account for " + issuer);
        }

        if (!await keys.Signed(provider, token, query.Call.Now, query.Call.Cancel))
        {
            throw Invalid("Couldn't retrieve verification key from your identity provider, or the signature is not by it");
        }

        CheckTimes(claims, query.Call.Now / 1_000_000);
        var audiences = Texts(claims, "aud");
        var party = Text(claims, "azp");
        var audience = party ?? (audiences is [var first, ..] ? first : null);
        if (audience is null || !provider.Content.Clients.Contains(audience))
        {
            throw Invalid("Incorrect token audience");
        }

        var subject = Text(claims, "sub") ?? throw Invalid("sub claim is missing");
        return new WebIdentity(provider, subject, audience, Conditions(provider.Name, claims, subject, audience, audiences));
    }

    private static Dictionary<string, IReadOnlyList<string>> Conditions(string provider, JsonElement claims, string subject, string audience, IReadOnlyList<string> audiences)
    {
        var conditions = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var claim in claims.EnumerateObject().Where(c => c.Value.ValueKind is JsonValueKind.String or JsonValueKind.Array))
        {
            conditions[$"{provider}:{claim.Name}".ToLowerInvariant()] = Texts(claims, claim.Name);
        }

        // Last, so that no claim that differs by its letters' case stands in their place.
        conditions[$"{provider}:sub".ToLowerInvariant()] = [subject];
        conditions[$"{provider}:aud".ToLowerInvariant()] = [audience];
        conditions[$"{provider}:oaud".ToLowerInvariant()] = audiences;
        return conditions;
    }

    private static void CheckTimes(JsonElement claims, long now)
    {
        if (Seconds(claims, "exp") is not { } expires || expires <= now)
        {
            throw new S3Fault(400, "ExpiredTokenException", "Token expired: the current time must be before its exp");
        }

        if (Seconds(claims, "nbf") > now + Skew || Seconds(claims, "iat") > now + Skew)
        {
            throw Invalid("Token is not valid yet");
        }
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static IReadOnlyList<string> Texts(JsonElement claims, string name) => !claims.TryGetProperty(name, out var value) ? [] : value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)],
        _ => [],
    };

    private static double? Seconds(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static S3Fault Invalid(string message) => new(400, "InvalidIdentityToken", message);
}
