using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Identity;

/// <summary>
/// Who may do what in identity. Admins of a project or of the system act on the whole cloud, readers of the system read all of it; admins,
/// managers and readers of a domain act in that domain. Whoever may not gets 403 before anybody looks whether the thing exists.
/// </summary>
internal static class Rules
{
    /// <summary>Whether the actor may read everything.</summary>
    public static bool ReadsCloud(this Actor actor) => actor.IsAdmin || (actor.System && actor.Has(Core.Policy.Roles.Reader));

    /// <summary>Whether the actor may read what belongs to the domain.</summary>
    public static bool ReadsDomain(this Actor actor, string? domainId) =>
        actor.ReadsCloud() || (domainId is not null && actor.DomainId == domainId && actor.Has(Core.Policy.Roles.Reader));

    /// <summary>Whether the actor may change what belongs to the domain.</summary>
    public static bool ManagesDomain(this Actor actor, string? domainId) =>
        actor.IsAdmin || (domainId is not null && actor.DomainId == domainId && actor.Has(Core.Policy.Roles.Manager));

    /// <summary>Refuses who may not read everything.</summary>
    public static void MustReadCloud(this Call call, string action) => Must(call.Actor.ReadsCloud(), action);

    /// <summary>Refuses who is not an admin of the cloud.</summary>
    public static void MustBeAdmin(this Call call, string action) => Must(call.Actor.IsAdmin, action);

    /// <summary>Refuses who may not read in the domain; a null domain is that of a thing that does not exist.</summary>
    public static void MustReadDomain(this Call call, string? domainId, string action) => Must(call.Actor.ReadsDomain(domainId), action);

    /// <summary>Refuses who may not change things in the domain; a null domain is that of a thing that does not exist.</summary>
    public static void MustManageDomain(this Call call, string? domainId, string action) => Must(call.Actor.ManagesDomain(domainId), action);

    /// <summary>Refuses unless it is so.</summary>
    public static void Must(bool allowed, string action)
    {
        if (!allowed)
        {
            throw Forbidden(action);
        }
    }

    /// <summary>Keystone's 403.</summary>
    public static Fault Forbidden(string action) => Fault.Forbidden($"You are not authorized to perform the requested action: identity:{action}.");

    /// <summary>Keystone's 404.</summary>
    public static Fault Missing(string what, string id) => Fault.NotFound($"Could not find {what}: {id}.");
}
