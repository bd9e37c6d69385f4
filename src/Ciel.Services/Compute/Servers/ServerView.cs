using System.Security.Cryptography;
using System.Text;
using Ciel.Core.Store;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>A server with what its view shows of others' things.</summary>
/// <param name="Row">The row.</param>
/// <param name="Ports">In the guest's order.</param>
/// <param name="Groups">Names of its ports' security groups.</param>
/// <param name="HostUp">Whether its node answers; null without a node.</param>
internal sealed record ServerView(Server Row, IReadOnlyList<PortInfo> Ports, IReadOnlyList<string> Groups, bool? HostUp)
{
    public string Status => ServerStatus.Of(Row);

    /// <summary>Tells nodes apart without naming them: differs by project.</summary>
    public string HostId => HostIdOf(Row.ProjectId, Row.Node);

    /// <inheritdoc cref="HostId"/>
    public static string HostIdOf(string projectId, string? node) =>
        node is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(projectId + node)))[..56];
}

/// <summary>Loads views.</summary>
internal sealed class ServerViews(INetworks networks, HostBook hosts)
{
    public async Task<ServerView> Of(Reader reader, Server server) => (await Of(reader, [server]))[0];

    public async Task<IReadOnlyList<ServerView>> Of(Reader reader, IReadOnlyList<Server> servers)
    {
        if (servers.Count == 0)
        {
            return [];
        }

        var ids = servers.Select(s => s.Id).ToArray();
        var slots = (await reader.Query<Nic>("SELECT * FROM compute_nic WHERE server_id IN @ids", new { ids })).ToDictionary(n => (n.ServerId, n.PortId), n => n.Slot);
        var ports = (await networks.PortsOf(reader, ids)).Where(p => slots.ContainsKey((p.DeviceId, p.Id))).OrderBy(p => slots[(p.DeviceId, p.Id)]).ToLookup(p => p.DeviceId);
        var groups = await networks.GroupsOf(reader, [.. ports.SelectMany(p => p).Select(p => p.Id)]);
        var up = servers.Any(s => s.Node is not null) ? (await hosts.All(reader)).ToDictionary(h => h.Name, h => h.Alive) : [];
        return [.. servers.Select(s => new ServerView(
            s,
            [.. ports[s.Id]],
            [.. ports[s.Id].SelectMany(p => groups.TryGetValue(p.Id, out var found) ? found : []).Select(g => g.Name).Distinct()],
            s.Node is null ? null : up.GetValueOrDefault(s.Node)))];
    }
}
