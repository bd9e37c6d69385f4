using System.Text.Json;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>Finds the collection by its path.</summary>
internal sealed class NetworkPages(NetworkApi networks, FloatingIpApi floatings, GroupApi groups, GroupRuleApi rules) : INetworkPages
{
    private readonly Dictionary<string, IPages> _pages = new IPages[] { networks, floatings, groups, rules }.ToDictionary(p => p.Path);

    public Task<IReadOnlyList<JsonElement>> List(
        Actor actor, string collection, IReadOnlyDictionary<string, string> filters, CancellationToken cancel) => _pages[collection].List(actor, filters, cancel);

    public Task<JsonElement> Create(Tx tx, Actor actor, string collection, JsonElement attributes) => _pages[collection].Create(tx, actor, attributes);

    public Task<JsonElement> Update(Tx tx, Actor actor, string collection, string id, JsonElement attributes) => _pages[collection].Update(tx, actor, id, attributes);

    public Task Delete(Tx tx, Actor actor, string collection, string id) => _pages[collection].Delete(tx, actor, id);
}
