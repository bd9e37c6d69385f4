namespace Ciel.Services.Identity.Roles;

/// <summary>A row of identity_assignment: who has which role on what.</summary>
internal sealed record Assignment
{
    public const string User = "user";
    public const string Group = "group";
    public const string Project = "project";
    public const string Domain = "domain";
    public const string System = "system";

    public required string ActorType { get; init; }

    public required string ActorId { get; init; }

    public required string TargetType { get; init; }

    /// <summary>The project's or domain's id; <c>system</c> for the system.</summary>
    public required string TargetId { get; init; }

    public required string RoleId { get; init; }

    /// <summary>Whether it counts for the projects below the target, and not for the target itself.</summary>
    public bool Inherited { get; init; }
}
