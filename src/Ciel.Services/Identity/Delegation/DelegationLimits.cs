using Ciel.Core.Store;
using Ciel.Services.Identity.Tokens;

namespace Ciel.Services.Identity.Delegation;

/// <summary>How a delegation narrows a standing: whose roles count, and which of them.</summary>
/// <param name="Standing">The standing with the delegation's facts.</param>
/// <param name="RolesOf">The user whose roles are lent.</param>
/// <param name="RoleIds">The roles that are lent; null for all.</param>
internal sealed record DelegationLimits(Standing Standing, string RolesOf, IReadOnlyList<string>? RoleIds)
{
    /// <summary>The limits; null where the delegation is gone.</summary>
    public static async Task<DelegationLimits?> Of(Reader reader, Standing standing, StandingKey key)
    {
        if (key.AppCredentialId is { } credentialId)
        {
            return await OfAppCredential(reader, standing, key, credentialId);
        }

        return key.TrustId is { } trustId
            ? await OfTrust(reader, standing, key, trustId)
            : new DelegationLimits(standing, key.UserId, null);
    }

    private static async Task<DelegationLimits?> OfAppCredential(Reader reader, Standing standing, StandingKey key, string id)
    {
        var row = await AppCredentialStore.Find(reader, id);
        if (row is null || row.UserId != key.UserId || row.ProjectId != key.ScopeId)
        {
            return null;
        }

        var facts = new AppCredentialStanding(row.Id, row.Name, row.Unrestricted, await AppCredentialStore.Rules(reader, id));
        return new DelegationLimits(standing with { AppCredential = facts, EndsAt = row.ExpiresAt }, key.UserId, await AppCredentialStore.RoleIds(reader, id));
    }

    private static async Task<DelegationLimits?> OfTrust(Reader reader, Standing standing, StandingKey key, string id)
    {
        var row = await TrustStore.Find(reader, id);
        if (row is null || row.ProjectId != key.ScopeId || key.UserId != (row.Impersonation ? row.TrustorId : row.TrusteeId))
        {
            return null;
        }

        var trustor = await Standings.Load(reader, new StandingKey(row.TrustorId, Core.Trust.ScopeKind.None, null, null, null));
        var trustee = await Standings.Load(reader, new StandingKey(row.TrusteeId, Core.Trust.ScopeKind.None, null, null, null));
        return trustor is null || trustee is null ? null : new DelegationLimits(
            standing with
            {
                Trust = new TrustStanding(row.Id, row.TrustorId, row.TrusteeId, row.Impersonation),
                EndsAt = row.ExpiresAt,
                TokensFrom = Math.Max(standing.TokensFrom, Math.Max(trustor.TokensFrom, trustee.TokensFrom)),
            },
            row.TrustorId,
            await TrustStore.RoleIds(reader, id));
    }
}
