using Ciel.Agent.Contract;

namespace Ciel.Services.Compute;

/// <summary>Metadata in EC2's form: a tree whose inner nodes list their children (Amazon EC2 user guide, "Instance metadata").</summary>
internal static class Ec2Tree
{
    private static readonly string[] Dates =
        ["1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15", "2008-02-01", "2008-09-01", "2009-04-04"];

    /// <summary>The answer for a path; null where there is nothing.</summary>
    public static MetadataAnswer? Answer(GuestAsker asker, string[] path)
    {
        if (path.Length == 0)
        {
            return GuestMetadata.Text(200, string.Join('\n', Dates) + "\nlatest");
        }

        if (path[0] != "latest" && !Dates.Contains(path[0]))
        {
            return null;
        }

        return path[1..] switch
        {
            [] => GuestMetadata.Text(200, asker.UserData is null ? "meta-data/" : "meta-data/\nuser-data"),
            ["user-data"] => asker.UserData is { } data ? new MetadataAnswer(200, "application/octet-stream", data) : null,
            ["meta-data", .. var rest] => Find(MetaData(asker, path[0]), rest),
            _ => null,
        };
    }

    private static MetadataAnswer? Find(Node node, string[] path)
    {
        foreach (var name in path)
        {
            if (node.Children.FirstOrDefault(c => c.Name == name) is not { } child)
            {
                return null;
            }

            node = child;
        }

        return GuestMetadata.Text(200, node.Value ?? string.Join('\n', node.Children.Select(c => c.Listed ?? (c.Value is null ? c.Name + "/" : c.Name))));
    }

    private static Node MetaData(GuestAsker asker, string version)
    {
        var server = asker.Server;
        var addresses = asker.Ports.SelectMany(p => p.Addresses).Where(a => !a.Address.Contains(':', StringComparison.Ordinal)).ToArray();
        Node[] all =
        [
            new("ami-id", "ami-" + server.ImageId[^8..]),
            new("ami-launch-index", server.LaunchIndex.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("ami-manifest-path", ""),
            new("block-device-mapping", null, new("ami", "vda"), new("root", "/dev/vda")) { Since = "2007-12-15" },
            new("hostname", server.HostName),
            new("instance-action", "none") { Since = "2008-09-01" },
            new("instance-id", "i-" + server.Id[^8..]),
            new("instance-type", server.Shape.Name) { Since = "2007-08-29" },
            new("local-hostname", server.HostName) { Since = "2007-01-19" },
            new("local-ipv4", addresses.FirstOrDefault()?.Address ?? ""),
            new("placement", null, new Node("availability-zone", server.Zone)) { Since = "2008-02-01" },
            new("public-hostname", server.HostName) { Since = "2007-01-19" },
            new("public-ipv4", addresses.FirstOrDefault(a => a.Floating is not null)?.Floating ?? "") { Since = "2007-01-19" },
            .. PublicKeys(server),
            new("reservation-id", server.ReservationId),
            new("security-groups", string.Join('\n', asker.Groups)),
        ];
        return new Node("meta-data", null, [.. all.Where(n => version == "latest" || Array.IndexOf(Dates, n.Since) <= Array.IndexOf(Dates, version))]);
    }

    private static IEnumerable<Node> PublicKeys(Server server) => server.PublicKey is not { } key
        ? []
        : [new Node("public-keys", null, new Node("0", null, new Node("openssh-key", key)) { Listed = "0=" + server.KeyName })];

    private sealed record Node(string Name, string? Value, params Node[] Children)
    {
        /// <summary>How the parent lists it, where that is not its name.</summary>
        public string? Listed { get; init; }

        /// <summary>The version that brought it.</summary>
        public string Since { get; init; } = Dates[0];
    }
}
