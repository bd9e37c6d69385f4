using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Delegation;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Roles;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Tokens;

/// <summary>Looks up what users may do, through the revision cache.</summary>
internal sealed class Standings(RevisionCache cache)
{
    /// <summary>The standing; null where the user, the scope or the delegation is gone or disabled, or no role is left.</summary>
    public ValueTask<Standing?> Of(StandingKey key) => cache.Get(Scopes.Standing, key, reader => Load(reader, key));

    /// <summary>As <see cref="Of"/>, from the reader's snapshot.</summary>
    public static async Task<Standing?> Load(Reader reader, StandingKey key)
    {
        var user = await UserStore.Find(reader, key.UserId);
        var home = await ProjectStore.Domain(reader, user?.DomainId);
        if (user is not { Enabled: true } || home is not { Enabled: true })
        {
            return null;
        }

        var standing = new Standing
        {
            Actor = new Actor { UserId = user.Id, UserName = user.Name, UserDomainId = user.DomainId },
            UserDomainName = home.Name,
            TokensFrom = Math.Max(user.TokensFrom, home.TokensFrom),
        };
        var scoped = await InScope(reader, standing, key);
        return scoped is null ? null : await WithRoles(reader, scoped, key);
    }

    private static async Task<Standing?> InScope(Reader reader, Standing standing, StandingKey key)
    {
        if (key.Scope is ScopeKind.None or ScopeKind.System)
        {
            return standing with { Actor = standing.Actor with { System = key.Scope == ScopeKind.System } };
        }

        var target = await ProjectStore.Find(reader, key.ScopeId);
        if (target is not { Enabled: true } || (key.Scope == ScopeKind.Domain && !target.IsDomain))
        {
            return null;
        }

        var from = Math.Max(standing.TokensFrom, target.TokensFrom);
        if (key.Scope == ScopeKind.Domain)
        {
            return standing with { Actor = standing.Actor with { DomainId = target.Id }, ScopeName = target.Name, TokensFrom = from };
        }

        var domain = target.IsDomain ? target : await ProjectStore.Domain(reader, target.DomainId);
        return domain is not { Enabled: true } ? null : standing with
        {
            Actor = standing.Actor with { ProjectId = target.Id, ProjectName = target.Name, ProjectDomainId = domain.Id, Suspended = target.Suspended },
            ScopeName = target.Name,
            ProjectDomainName = domain.Name,
            IsDomain = target.IsDomain,
            TokensFrom = Math.Max(from, domain.TokensFrom),
        };
    }

    private static async Task<Standing?> WithRoles(Reader reader, Standing standing, StandingKey key)
    {
        var limited = await DelegationLimits.Of(reader, standing, key);
        if (limited is null || key.Scope == ScopeKind.None)
        {
            return limited?.Standing;
        }

        var graph = await RoleGraph.Load(reader);
        var roles = graph.Effective(await AssignmentStore.RolesOf(reader, limited.RolesOf, key.Scope, key.ScopeId));
        if (limited.RoleIds is { } only)
        {
            // A delegation that names a role which its giver has lost is void as a whole.
            var held = roles.Select(r => r.Id).ToHashSet();
            roles = only.All(held.Contains) ? graph.Effective(only) : [];
        }

        return roles.Count == 0 ? null : limited.Standing with
        {
            Roles = roles,
            Actor = limited.Standing.Actor with { RoleNames = roles.Select(r => r.Name).ToHashSet() },
        };
    }
}
