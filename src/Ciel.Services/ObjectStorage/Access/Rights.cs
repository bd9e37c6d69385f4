using Ciel.Services.ObjectStorage.Policies;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>
/// What the policies of a user, a role or a session allow ("Policy evaluation logic"): what its own policies allow, and of that what each session's
/// policy allows, too. A Deny in any of them wins.
/// </summary>
/// <param name="Identity">Its own policies with its groups'; null where it may everything that its account may.</param>
/// <param name="Sessions">The policies of the sessions that it came by; each narrows further.</param>
internal sealed record Rights(IReadOnlyList<Policy>? Identity, IReadOnlyList<Policy> Sessions)
{
    public bool Denies(PolicyRequest request) => Identity?.Any(p => p.Decide(request) == Verdict.Deny) == true || Sessions.Any(p => p.Decide(request) == Verdict.Deny);

    /// <summary>Whether no session forbids it by not allowing it.</summary>
    public bool SessionAllows(PolicyRequest request) => Sessions.All(p => p.Decide(request) == Verdict.Allow);

    public bool IdentityAllows(PolicyRequest request) => Identity?.Any(p => p.Decide(request) == Verdict.Allow) ?? true;

    public bool Allows(PolicyRequest request) => !Denies(request) && SessionAllows(request) && IdentityAllows(request);
}
