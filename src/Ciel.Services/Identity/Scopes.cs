using Ciel.Core.Store;
using Ciel.Core.Trust;

namespace Ciel.Services.Identity;

/// <summary>The scopes of the revision cache that identity bumps as it writes.</summary>
internal static class Scopes
{
    /// <summary>Who may act: users, projects, groups, roles, assignments, delegations.</summary>
    public const string Standing = "identity.standing";

    /// <summary>Tokens that were revoked one by one.</summary>
    public const string Revocations = "identity.revocations";

    /// <summary>Regions, services, endpoints and who sees which.</summary>
    public const string Catalog = "identity.catalog";

    /// <summary>Keys for S3.</summary>
    public const string Keys = "identity.keys";

    /// <summary>Says, in the transaction that changes it, that who may act has changed.</summary>
    public static Task StandingChanged(this RevisionCache cache, Tx tx) => cache.Bump(tx, Standing);

    /// <summary>Says, in the transaction that changes it, that the catalog has changed.</summary>
    public static Task CatalogChanged(this RevisionCache cache, Tx tx) => cache.Bump(tx, Catalog);
}
