using Ciel.Core.Store;
using Ciel.Services.Identity.Tokens;

namespace Ciel.Services.Identity.Roles;

/// <summary>All roles and what each implies.</summary>
internal sealed class RoleGraph
{
    private readonly Dictionary<string, RoleRow> _roles;
    private readonly ILookup<string, string> _implies;

    public RoleGraph(IEnumerable<RoleRow> roles, IEnumerable<(string Prior, string Implied)> implications)
    {
        _roles = roles.ToDictionary(r => r.Id);
        _implies = implications.ToLookup(i => i.Prior, i => i.Implied);
    }

    public static async Task<RoleGraph> Load(Reader reader) => new(
        await RoleStore.All(reader), await RoleStore.Implications(reader));

    /// <summary>The roles and all that they imply, the same id once.</summary>
    public IReadOnlyCollection<string> Closure(IEnumerable<string> ids)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>(ids);
        while (open.TryPop(out var id))
        {
            if (_roles.ContainsKey(id) && seen.Add(id))
            {
                foreach (var implied in _implies[id])
                {
                    open.Push(implied);
                }
            }
        }

        return seen;
    }

    /// <summary>What tokens show: the closure without roles that a domain made for itself.</summary>
    public IReadOnlyList<NamedId> Effective(IEnumerable<string> ids) =>
        [.. Closure(ids).Select(id => _roles[id]).Where(r => r.DomainId.Length == 0).OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => new NamedId(r.Id, r.Name))];

    /// <summary>Whether the role is, or leads to, one that reaches beyond any domain.</summary>
    public bool ReachesCloud(string id) => Closure([id]).Any(i => _roles[i] is { DomainId.Length: 0, Name: Core.Policy.Roles.Admin or "service" });
}
