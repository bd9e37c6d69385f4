using System.Text.Json;

namespace Ciel.Live.FirstLight;

/// <summary>What a cloud must not leave behind when its tenants have deleted all: only the public network is still there.</summary>
internal static class Leftovers
{
    public static async Task None(LiveCloud cloud)
    {
        var processes = Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)).Select(CommandLine).ToArray();
        processes.Where(c => c.Contains("qemu-system", StringComparison.Ordinal) && c.Contains(cloud.Data, StringComparison.Ordinal)).ShouldBeEmpty();
        var namespaces = Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns").Select(Path.GetFileName).ToArray() : [];
        namespaces.Where(n => n!.StartsWith(cloud.Name + "-", StringComparison.Ordinal)).Count().ShouldBe(1, "only the public network's namespace stays");
        var machines = Path.Combine(cloud.Data, "node", "machines");
        (Directory.Exists(machines) ? Directory.GetFileSystemEntries(machines) : []).ShouldBeEmpty();
        var spans = JsonDocument.Parse(await cloud.Ciel("usage", "--spans", "--json")).RootElement.EnumerateArray();
        var open = spans.Where(s => s.GetProperty("closed").GetString() == "open" && s.GetProperty("meter").GetString() != "image.stored").ToArray();
        open.ShouldBeEmpty();
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended between the listing and the look.
            return "";
        }
    }
}
