using Ciel.Services.ObjectStorage.Iam;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Query;

namespace Ciel.Services.ObjectStorage.Sts;

/// <summary>
/// Whether a caller may assume a role: the role's trust policy must let it, and where that names only the caller's account, or the caller is
/// of another, its own policies must, too.
/// </summary>
internal static class TrustPolicy
{
    public static bool MayAssume(QueryCall query, IamRow role, string action, string sessionName, IReadOnlyDictionary<string, IReadOnlyList<string>>? more = null)
    {
        var context = new Dictionary<string, IReadOnlyList<string>>(more ?? new Dictionary<string, IReadOnlyList<string>>()) { ["sts:rolesessionname"] = [sessionName] };
        if (query.Optional("ExternalId", 1224) is { } external)
        {
            context["sts:externalid"] = [external];
        }

        var request = new AccountRequest(query.Call, action, role.Arn, role.ProjectId, context);
        var caller = query.Call.Caller;
        var verdict = Policy.Cached(role.Content.Trust, PolicyKind.Trust).Decide(request);
        // Who may only read must not become one who may write.
        if (verdict is Verdict.Deny or Verdict.None || !caller.Writes || caller.Rights?.Denies(request) == true || caller.Rights?.SessionAllows(request) == false)
        {
            return false;
        }

        var named = verdict == Verdict.Allow && (caller.Provider is not null || caller.AccountId == role.ProjectId);
        return named || caller.Rights?.IdentityAllows(request) != false;
    }
}
