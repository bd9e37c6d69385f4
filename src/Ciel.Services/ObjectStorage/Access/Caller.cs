using Ciel.Core.Policy;
using Ciel.Services.Identity;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>Who makes a request. The account is the key's project; null for nobody.</summary>
internal sealed record Caller(string? AccountId, string AccountName, string? UserId, bool Writes)
{
    public static readonly Caller Anonymous = new(null, "", null, Writes: true);

    public bool IsAnonymous => AccountId is null;

    public static Caller Of(AccessKey key) => new(key.Actor.ProjectId, key.Actor.ProjectName ?? "", key.Actor.UserId, key.Actor.Has(Roles.Member));
}
