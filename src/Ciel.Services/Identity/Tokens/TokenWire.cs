using System.Text.Json;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Catalog;

namespace Ciel.Services.Identity.Tokens;

/// <summary>A token's JSON.</summary>
internal static class TokenWire
{
    public static void Write(Utf8JsonWriter json, Proven proven, IReadOnlyList<CatalogService>? catalog, string cloud)
    {
        var (token, standing) = (proven.Token, proven.Standing);
        json.WriteStartObject();
        json.WriteStartObject("token");
        WriteMethods(json, token.Methods);
        WriteUser(json, standing);
        json.WriteStartArray("audit_ids");
        json.WriteStringValue(token.AuditId);
        if (token.ChainId is not null)
        {
            json.WriteStringValue(token.ChainId);
        }

        json.WriteEndArray();
        json.WriteString("expires_at", Instant.Text(token.ExpiresAt));
        json.WriteString("issued_at", Instant.Text(token.IssuedAt));
        WriteScope(json, token, standing);
        WriteDelegation(json, standing);
        if (token.Scope != ScopeKind.None)
        {
            json.WriteStartArray("roles");
            foreach (var role in standing.Roles)
            {
                json.WriteStartObject();
                WriteNamed(json, role);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (catalog is not null)
            {
                Catalogs.Write(json, catalog, cloud, standing.Actor.ProjectId);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMethods(Utf8JsonWriter json, TokenMethods methods)
    {
        json.WriteStartArray("methods");
        foreach (var (flag, name) in (ReadOnlySpan<(TokenMethods, string)>)
        [
            (TokenMethods.ApplicationCredential, AuthRequest.AppCredential), (TokenMethods.Password, AuthRequest.Password), (TokenMethods.Token, AuthRequest.Token),
        ])
        {
            if (methods.HasFlag(flag))
            {
                json.WriteStringValue(name);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteUser(Utf8JsonWriter json, Standing standing)
    {
        json.WriteStartObject("user");
        WriteDomain(json, standing.Actor.UserDomainId, standing.UserDomainName);
        WriteNamed(json, new NamedId(standing.Actor.UserId, standing.Actor.UserName));
        json.WriteNull("password_expires_at");
        json.WriteEndObject();
    }

    private static void WriteScope(Utf8JsonWriter json, TokenContent token, Standing standing)
    {
        switch (token.Scope)
        {
            case ScopeKind.Project:
                json.WriteStartObject("project");
                WriteDomain(json, standing.Actor.ProjectDomainId!, standing.ProjectDomainName!);
                WriteNamed(json, new NamedId(token.ScopeId!, standing.ScopeName));
                json.WriteEndObject();
                json.WriteBoolean("is_domain", standing.IsDomain);
                break;
            case ScopeKind.Domain:
                WriteDomain(json, token.ScopeId!, standing.ScopeName);
                break;
            case ScopeKind.System:
                json.WriteStartObject("system");
                json.WriteBoolean("all", true);
                json.WriteEndObject();
                break;
        }
    }

    private static void WriteDelegation(Utf8JsonWriter json, Standing standing)
    {
        if (standing.AppCredential is { } credential)
        {
            json.WriteStartObject("application_credential");
            WriteNamed(json, new NamedId(credential.Id, credential.Name));
            json.WriteBoolean("restricted", !credential.Unrestricted);
            if (credential.Rules.Count > 0)
            {
                Delegation.AccessRuleWire.WriteAll(json, credential.Rules);
            }

            json.WriteEndObject();
        }

        if (standing.Trust is { } trust)
        {
            json.WriteStartObject("OS-TRUST:trust");
            json.WriteString("id", trust.Id);
            json.WriteBoolean("impersonation", trust.Impersonation);
            WriteOnlyId(json, "trustor_user", trust.TrustorId);
            WriteOnlyId(json, "trustee_user", trust.TrusteeId);
            json.WriteEndObject();
        }
    }

    private static void WriteOnlyId(Utf8JsonWriter json, string name, string id)
    {
        json.WriteStartObject(name);
        json.WriteString("id", id);
        json.WriteEndObject();
    }

    private static void WriteDomain(Utf8JsonWriter json, string id, string name)
    {
        json.WriteStartObject("domain");
        WriteNamed(json, new NamedId(id, name));
        json.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter json, NamedId named)
    {
        json.WriteString("id", named.Id);
        json.WriteString("name", named.Name);
    }
}
