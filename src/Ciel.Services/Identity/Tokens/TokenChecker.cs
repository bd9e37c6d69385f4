using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity.Tokens;

/// <summary>Says whether a token is good now: authentic, unexpired, not revoked, and its bearer still in standing.</summary>
internal sealed class TokenChecker(TokenSealer sealer, RevisionCache cache, Standings standings)
{
    /// <summary>The token with its bearer's standing; null where it is not good.</summary>
    public async ValueTask<Proven?> Check(string? text)
    {
        if (string.IsNullOrEmpty(text) || await sealer.Open(text) is not { } token)
        {
            return null;
        }

        var now = await cache.Now();
        if (token.ExpiresAt <= now || (await Revoked()).Contains(token.AuditId))
        {
            return null;
        }

        var standing = await standings.Of(StandingKey.Of(token));
        return standing is null || token.IssuedAt < standing.TokensFrom || standing.EndsAt <= now ? null : new Proven(token, standing);
    }

    /// <summary>Revokes one token, at once here and within a second elsewhere.</summary>
    public async Task Revoke(Tx tx, TokenContent token)
    {
        await tx.Execute(
            "INSERT INTO identity_revocation (audit_id, expires_at) VALUES (@AuditId, @ExpiresAt) ON CONFLICT DO NOTHING", new { token.AuditId, token.ExpiresAt });
        await cache.Bump(tx, Scopes.Revocations);
    }

    private ValueTask<HashSet<string>> Revoked() => cache.Get(
        Scopes.Revocations, "all", async reader => (await reader.Query<string>("SELECT audit_id FROM identity_revocation")).ToHashSet());
}
