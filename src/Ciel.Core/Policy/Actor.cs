using Ciel.Core.Errors;

namespace Ciel.Core.Policy;

/// <summary>The roles that every cloud has; each implies the next.</summary>
public static class Roles
{
    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    /// <summary>Manages the users and projects of a domain.</summary>
    public const string Manager = "manager";

    /// <summary>Uses a project's resources.</summary>
    public const string Member = "member";

    /// <summary>Looks at a project's resources.</summary>
    public const string Reader = "reader";

    /// <summary>Role to the roles that it implies.</summary>
    public static IReadOnlyDictionary<string, string> Implies { get; } =
        new Dictionary<string, string> { [Admin] = Manager, [Manager] = Member, [Member] = Reader };
}

/// <summary>Who makes a request: the content of a valid token with its roles as they are now.</summary>
public sealed record Actor
{
    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The user's name.</summary>
    public required string UserName { get; init; }

    /// <summary>The user's domain.</summary>
    public required string UserDomainId { get; init; }

    /// <summary>The project of the token's scope; null for other scopes.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The project's name.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The domain of the project.</summary>
    public string? ProjectDomainId { get; init; }

    /// <summary>Why the project is suspended; null while it is not.</summary>
    public string? Suspended { get; init; }

    /// <summary>The domain of a domain scope; null for other scopes.</summary>
    public string? DomainId { get; init; }

    /// <summary>Whether the scope is the whole system.</summary>
    public bool System { get; init; }

    /// <summary>Role names, implied ones included.</summary>
    public IReadOnlySet<string> RoleNames { get; init; } = new HashSet<string>();

    /// <summary>The request's id, for audit rows.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>Whether the actor may do everything: the role admin on any scope but a domain's.</summary>
    public bool IsAdmin => RoleNames.Contains(Roles.Admin) && DomainId is null;

    /// <summary>Whether the actor has the role, or one that implies it.</summary>
    public bool Has(string role) => RoleNames.Contains(role);

    /// <summary>Whether rows of that project may be shown.</summary>
    public bool Sees(string projectId) => IsAdmin || (ProjectId == projectId && Has(Roles.Reader));

    /// <summary>The project of the scope.</summary>
    /// <exception cref="Fault">403 where the token has no project.</exception>
    public string Project() => ProjectId ?? throw Fault.Forbidden("This needs a token that is scoped to a project.");

    /// <summary>The refusal of an action, 403.</summary>
    public static Fault NotAllowed(string action) => Fault.Forbidden($"Policy doesn't allow {action} to be performed.", "PolicyNotAuthorized");

    /// <summary>Refuses an actor without the role admin.</summary>
    public void RequireAdmin(string action)
    {
        if (!IsAdmin)
        {
            throw NotAllowed(action);
        }
    }

    /// <summary>Refuses an actor without the role (admins have all).</summary>
    public void Require(string role, string action)
    {
        if (!Has(role))
        {
            throw NotAllowed(action);
        }
    }
}
