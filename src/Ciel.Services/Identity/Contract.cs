using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Identity;

/// <summary>What other services may ask of identity. Tokens come in by <see cref="Core.Http.IAuthenticator"/>.</summary>
public interface IIdentity
{
    /// <summary>A project; null where there is none.</summary>
    Task<ProjectInfo?> Project(Reader reader, string projectId);

    /// <summary>All projects, for reports.</summary>
    Task<IReadOnlyList<ProjectInfo>> Projects(Reader reader);

    /// <summary>
    /// Suspends a project: its services stop and its data is kept; its users may look, fetch and delete, and make nothing new. Safe to say
    /// again: what has begun to run meanwhile stops too.
    /// </summary>
    /// <param name="tx">The caller's transaction.</param>
    /// <param name="projectId">The project; one that is gone is left alone.</param>
    /// <param name="reason">A sentence for its users, which says what ends it.</param>
    Task SuspendProject(Tx tx, string projectId, string reason);

    /// <summary>Ends a suspension: what it had stopped starts again.</summary>
    Task ResumeProject(Tx tx, string projectId);

    /// <summary>
    /// Deletes what a suspended project runs and holds: servers with their disks, networks, addresses. Its users, images and objects stay. Safe to say
    /// again; a project that is not suspended is left alone.
    /// </summary>
    Task ReleaseProject(Tx tx, string projectId);

    /// <summary>
    /// Makes what every cloud needs, once: the domain Default, the project and user admin, the project service, the roles with their
    /// implications, the region and the catalog. Idempotent; the password is set only where the user is made.
    /// </summary>
    Task Bootstrap(string adminPassword, CancellationToken cancel);

    /// <summary>Sets a user's password by name in the domain Default, for an operator at the machine.</summary>
    Task SetPassword(string userName, string password, CancellationToken cancel);
}

/// <summary>A project.</summary>
/// <param name="Id">32 hex digits.</param>
/// <param name="Name">Unique in its domain.</param>
/// <param name="DomainId">Its domain.</param>
/// <param name="Enabled">Whether tokens may be scoped to it.</param>
/// <param name="Suspended">Why it is suspended; null while it is not.</param>
public sealed record ProjectInfo(string Id, string Name, string DomainId, bool Enabled, string? Suspended = null);

/// <summary>Access keys, which are Keystone's EC2 credentials, for doors whose requests are signed.</summary>
public interface IAccessKeys
{
    /// <summary>A key; null where there is none, or where its user, its project or the user's roles there are gone or disabled.</summary>
    ValueTask<AccessKey?> Find(string access, CancellationToken cancel);

    /// <summary>An account, which is a project; null where it or its domain is gone or disabled.</summary>
    ValueTask<ProjectInfo?> Account(string projectId);

    /// <summary>The project in which the user of that e-mail address works by default; null where there is none.</summary>
    Task<ProjectInfo?> ProjectByEmail(Reader reader, string address);
}

/// <summary>An access key with whom it stands for now.</summary>
/// <param name="Access">The public half.</param>
/// <param name="Secret">What signs; never logged.</param>
/// <param name="Actor">The user in the key's project.</param>
/// <param name="Delegated">Whether it is a trust's, and so not the user's own.</param>
public sealed record AccessKey(string Access, string Secret, Actor Actor, bool Delegated = false);

/// <summary>A project is being deleted; each service that has something for it reacts in the same transaction (by waking keepers).</summary>
public interface IProjectGone
{
    /// <summary>Reacts.</summary>
    Task ProjectGone(Tx tx, string projectId);
}

/// <summary>A project is suspended, or no more; each service that runs something for it reacts in the same transaction (by waking keepers).</summary>
public interface IProjectSuspended
{
    /// <summary>Stops what runs and remembers that; may be said again.</summary>
    Task Suspended(Tx tx, string projectId);

    /// <summary>Starts again what the suspension had stopped.</summary>
    Task Resumed(Tx tx, string projectId);
}

/// <summary>A suspended project's resources are released: each service that holds some for it deletes them, from the same transaction on (by waking keepers).</summary>
public interface IProjectReleased
{
    /// <summary>Deletes them; may be said again.</summary>
    Task Released(Tx tx, string projectId);
}

/// <summary>The endpoint of one service for the catalog, relative to the cloud door.</summary>
/// <param name="Type">Such as <c>compute</c>.</param>
/// <param name="Name">Such as <c>nova</c>.</param>
/// <param name="Path">Such as <c>/compute/v2.1</c>; <c>%(project_id)s</c> stands for the project.</param>
public sealed record CatalogEntry(string Type, string Name, string Path)
{
    /// <summary>Whether the path is on the objects door, whose port is the one after the cloud door's.</summary>
    public bool OnObjects { get; init; }
}
