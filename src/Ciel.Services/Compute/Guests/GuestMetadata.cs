using System.Text;
using Ciel.Agent.Contract;
using Ciel.Core.Store;
using Ciel.Services.Network;
using Ciel.Services.Nodes;

namespace Ciel.Services.Compute;

/// <summary>
/// What a guest learns of itself at 169.254.169.254, in OpenStack's form (<c>/openstack</c>) and in EC2's (<c>/latest</c> and older
/// dates). Who asks is the port that the packet came in on, never an address or a header.
/// </summary>
internal sealed class GuestMetadata(Db db, INetworks networks, GuestPassword password) : IGuestMetadata
{
    public async Task<MetadataAnswer> Answer(MetadataQuestion question, CancellationToken cancel)
    {
        var path = Path(question.Path);
        var atPassword = GuestPassword.IsAt(path);
        if (question.Method is not ("GET" or "HEAD") && !atPassword)
        {
            return Text(405, "Metadata here is only read.");
        }

        var asker = await db.Read(r => Asker(r, question.PortId), cancel);
        if (asker is null)
        {
            return Text(404, "No server has this port.");
        }

        var answer = atPassword ? await password.Answer(asker.Server, question, cancel)
            : path is ["openstack", ..] ? OpenStackTree.Answer(asker, path[1..])
            : Ec2Tree.Answer(asker, path);
        return answer ?? Text(404, "There is no such metadata.");
    }

    /// <summary>An answer in plain text.</summary>
    public static MetadataAnswer Text(int status, string text) => new(status, "text/plain; charset=UTF-8", Encoding.UTF8.GetBytes(text));

    private async Task<GuestAsker?> Asker(Reader reader, string portId)
    {
        if (await networks.Port(reader, portId) is not { DeviceId.Length: > 0 } port
            || await ServerStore.Find(reader, port.DeviceId) is not { DeletedAt: null } server)
        {
            return null;
        }

        var ports = await ServerPorts.Of(reader, networks, server.Id);
        if (ports.All(p => p.Id != portId))
        {
            return null;
        }

        var groups = await networks.GroupsOf(reader, [.. ports.Select(p => p.Id)]);
        return new GuestAsker(server, ports, [.. groups.Values.SelectMany(g => g).Select(g => g.Name).Distinct()]);
    }

    private static string[] Path(string path)
    {
        var end = path.IndexOf('?', StringComparison.Ordinal);
        return (end < 0 ? path : path[..end]).Split('/', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>The server that asks, with what it may learn.</summary>
/// <param name="Server">The server.</param>
/// <param name="Ports">Its ports in order.</param>
/// <param name="Groups">Names of its security groups.</param>
internal sealed record GuestAsker(Server Server, IReadOnlyList<PortInfo> Ports, IReadOnlyList<string> Groups)
{
    /// <summary>The user data's bytes; null without.</summary>
    public byte[]? UserData => Server.UserData is { Length: > 0 } text ? Convert.FromBase64String(text) : null;
}
