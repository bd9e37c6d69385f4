using Ciel.Core.Errors;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Delegation;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Tokens;

/// <summary>Turns a login into a token: proofs, then the scope, then the standing in it.</summary>
internal sealed class Login(Db db, Identification identification, Standings standings, TokenSealer sealer, TrustUse trusts, TrustOptions options)
{
    /// <summary>The sealed token, and what it says.</summary>
    /// <exception cref="Fault">401 whatever is wrong with proof or scope; 400 for what is malformed.</exception>
    public async Task<(string Text, Proven Proven)> Run(AuthRequest request)
    {
        var who = await identification.Identify(request);
        var key = await Scope(request, who);
        var standing = await standings.Of(key) ?? throw Fault.Unauthorized();
        if (key.TrustId is { } trust)
        {
            await trusts.Spend(trust);
        }

        var token = await Content(who, key, standing);
        return (await sealer.Seal(token), new Proven(token, standing));
    }

    private async Task<TokenContent> Content(Identified who, StandingKey key, Standing standing)
    {
        var now = await db.Now();
        var expires = who.Parent?.ExpiresAt ?? now + (long)options.TokenLifetime.TotalMicroseconds;
        var token = new TokenContent
        {
            AuditId = sealer.AuditId(),
            ChainId = who.Parent is { } parent ? parent.ChainId ?? parent.AuditId : null,
            UserId = key.UserId,
            Scope = key.Scope,
            ScopeId = key.ScopeId,
            Methods = who.Methods,
            ApplicationCredentialId = key.AppCredentialId,
            TrustId = key.TrustId,
            IssuedAt = now,
            ExpiresAt = Math.Min(expires, standing.EndsAt ?? long.MaxValue),
        };
        return token.ExpiresAt > now && now >= standing.TokensFrom ? token : throw Fault.Unauthorized();
    }

    private async Task<StandingKey> Scope(AuthRequest request, Identified who)
    {
        if (who.Credential is { } credential)
        {
            // An application credential is for its own project; so is every token that descends from it.
            var asked = request.Project is { } named ? await db.Read(r => FindProject(r, named)) : null;
            return request is { Domain: null, System: false, TrustId: null } && (request.Project is null || asked == credential.ProjectId)
                ? new StandingKey(who.UserId, ScopeKind.Project, credential.ProjectId, credential.Id, null)
                : throw Fault.Unauthorized();
        }

        if (request.TrustId is { } trustId)
        {
            return await OfTrust(trustId, who);
        }

        var (kind, id) = await db.Read(r => Find(r, request, who));
        return new StandingKey(who.UserId, kind, id, null, null);
    }

    private async Task<StandingKey> OfTrust(string trustId, Identified who)
    {
        var trust = await db.Read(r => TrustStore.Find(r, trustId));
        if (trust is null || trust.TrusteeId != who.UserId || trust.RemainingUses == 0)
        {
            throw trust is null ? Fault.Unauthorized() : Fault.Forbidden();
        }

        var user = trust.Impersonation ? trust.TrustorId : trust.TrusteeId;
        return new StandingKey(user, trust.ProjectId is null ? ScopeKind.None : ScopeKind.Project, trust.ProjectId, null, trustId);
    }

    private static async Task<(ScopeKind Kind, string? Id)> Find(Reader reader, AuthRequest request, Identified who)
    {
        if (request.System)
        {
            return (ScopeKind.System, null);
        }

        if (request.Project is { } project)
        {
            return (ScopeKind.Project, await FindProject(reader, project) ?? throw Fault.Unauthorized());
        }

        if (request.Domain is { } domain)
        {
            return (ScopeKind.Domain, (await Identification.FindDomain(reader, domain))?.Id ?? throw Fault.Unauthorized());
        }

        // Without a scope the default project is taken where the user may act in it; otherwise the token has none.
        var preferred = request.Unscoped || who.Parent is not null ? null : (await UserStore.Find(reader, who.UserId))?.DefaultProjectId;
        return preferred is not null && await Standings.Load(reader, new StandingKey(who.UserId, ScopeKind.Project, preferred, null, null)) is not null
            ? (ScopeKind.Project, preferred)
            : (ScopeKind.None, null);
    }

    private static async Task<string?> FindProject(Reader reader, Named named)
    {
        if (named.Id is { } id)
        {
            return (await ProjectStore.Find(reader, id))?.Id;
        }

        var domain = named.Domain is { } d ? await Identification.FindDomain(reader, d) : throw Fault.BadRequest("'domain' is a required property");
        return domain is null ? null : (await ProjectStore.ByName(reader, domain.Id, named.Name!))?.Id;
    }
}
