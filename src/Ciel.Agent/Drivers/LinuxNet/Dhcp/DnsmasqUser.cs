namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>As whom dnsmasq runs: the distribution's own user for it, else nobody.</summary>
/// <param name="User">Name.</param>
/// <param name="Group">Name of its group.</param>
/// <param name="GroupId">Number of its group.</param>
internal sealed record DnsmasqUser(string User, string Group, int GroupId)
{
    public static DnsmasqUser OfHost() => Find(File.ReadAllLines("/etc/passwd"), File.ReadAllLines("/etc/group"));

    /// <summary>Finds it in the lines of the user and group databases (passwd(5), group(5)).</summary>
    public static DnsmasqUser Find(IEnumerable<string> users, IEnumerable<string> groups)
    {
        var all = users.Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToArray();
        var user = all.FirstOrDefault(fields => fields[0] == "dnsmasq") ?? all.First(fields => fields[0] == "nobody");
        var group = groups.Select(line => line.Split(':')).First(fields => fields.Length > 2 && fields[2] == user[3]);
        return new DnsmasqUser(user[0], group[0], int.Parse(user[3], System.Globalization.CultureInfo.InvariantCulture));
    }
}
