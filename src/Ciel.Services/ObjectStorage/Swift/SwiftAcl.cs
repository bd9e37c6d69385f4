using Ciel.Core.Policy;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>A container's access list (Swift, "Container ACLs"): referrers, and Keystone's projects and users.</summary>
internal static class SwiftAcl
{
    private const string DefaultDomain = "default";

    /// <summary>The list without needless blanks.</summary>
    /// <exception cref="S3Fault">400 for what is none.</exception>
    public static string Checked(string header, string text, bool writing)
    {
        var parts = Parts(text);
        foreach (var part in parts.Where(p => p.StartsWith('.')))
        {
            var good = !writing && (part == ".rlistings" || (Referrer(part) is { Length: > 0 } host && host is not ("." or "-" or "-.")));
            if (!good)
            {
                throw SwiftFaults.BadRequest($"{header}: '{part}' is no access list");
            }
        }

        return string.Join(',', parts);
    }

    /// <summary>Whether a request from that page, or by that user, is let in.</summary>
    /// <param name="list">The list.</param>
    /// <param name="actor">Who asks; null for nobody known.</param>
    /// <param name="referer">The page that asks; null without.</param>
    /// <param name="listing">Whether the names in the container are asked for, which referrers see only by <c>.rlistings</c>.</param>
    public static bool Allows(string list, Actor? actor, string? referer, bool listing)
    {
        var parts = Parts(list);
        return (ByReferrer(parts, referer) && (!listing || parts.Contains(".rlistings"))) || (actor is not null && parts.Exists(part => Names(part, actor)));
    }

    private static bool ByReferrer(List<string> parts, string? referer)
    {
        var host = Uri.TryCreate(referer, UriKind.Absolute, out var uri) ? uri.Host : "unknown";
        var allowed = false;
        foreach (var part in parts)
        {
            if (Referrer(part) is { } name)
            {
                var not = name.StartsWith('-');
                name = not ? name[1..] : name;
                if (name == "*" || name == host || (name.StartsWith('.') && host.EndsWith(name, StringComparison.OrdinalIgnoreCase)))
                {
                    allowed = !not;
                }
            }
        }

        return allowed;
    }

    private static bool Names(string part, Actor actor)
    {
        if (part.StartsWith('.') || part.Split(':', 2) is not [var project, var user])
        {
            return false;
        }

        // Names are unique in a domain only: as in Keystone's middleware, they mean those of the default one.
        return (project == "*" || project == actor.ProjectId || (project == actor.ProjectName && actor.ProjectDomainId == DefaultDomain))
            && (user == "*" || user == actor.UserId || (user == actor.UserName && actor.UserDomainId == DefaultDomain));
    }

    private static string? Referrer(string part) => part.Split(':', 2) is [".r" or ".ref" or ".referer" or ".referrer", var host] ? host.Trim() : null;

    private static List<string> Parts(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
