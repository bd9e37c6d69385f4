namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>
/// The numbers by which packets are marked with the port they came in on. A port keeps its number for as long as it is there, so
/// that a new ruleset reads what an older one marked.
/// </summary>
internal static class Marks
{
    /// <summary>Keeps the numbers of ports that stay and gives new ones to those that are new.</summary>
    public static Dictionary<string, int> Assign(IReadOnlyDictionary<string, int> before, IEnumerable<string> ports)
    {
        var marks = new Dictionary<string, int>();
        var fresh = new List<string>();
        foreach (var port in ports)
        {
            if (before.TryGetValue(port, out var mark))
            {
                marks[port] = mark;
            }
            else
            {
                fresh.Add(port);
            }
        }

        // Numbers of ports that just went are left alone: packets that they marked may still be on their way.
        var taken = before.Values.ToHashSet();
        var next = 1;
        foreach (var port in fresh)
        {
            while (!taken.Add(next))
            {
                next++;
            }

            marks[port] = next < FilterTable.HostMark ? next : throw new InvalidOperationException("a network holds 65534 ports on a node");
        }

        return marks;
    }
}
