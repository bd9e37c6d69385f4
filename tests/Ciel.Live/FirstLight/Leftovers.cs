using System.Text.Json;

namespace Ciel.Live.FirstLight;

/// <summary>What a cloud must not leave behind when its tenants have deleted all: only the public network is still there.</summary>
internal static class Leftovers
{
    public static async Task None(LiveCloud cloud)
    {
        await Settled(cloud);
        HostProcesses.Machines(cloud).ShouldBeEmpty();
        Namespaces(cloud).Length.ShouldBe(1, "only the public network's namespace stays");
        var machines = Path.Combine(cloud.Data, "node", "machines");
        (Directory.Exists(machines) ? Directory.GetFileSystemEntries(machines) : []).ShouldBeEmpty();
        var spans = JsonDocument.Parse(await cloud.Ciel("usage", "--spans", "--json")).RootElement.EnumerateArray();
        var open = spans.Where(s => s.GetProperty("closed").GetString() == "open" && s.GetProperty("meter").GetString() != "image.stored").ToArray();
        open.ShouldBeEmpty();
    }

    // Deletes are answered before the node has finished.
    private static async Task Settled(LiveCloud cloud)
    {
        for (var i = 0; i < 100 && (Namespaces(cloud).Length > 1 || HostProcesses.Machines(cloud).Count > 0); i++)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    private static string[] Namespaces(LiveCloud cloud) => Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns", cloud.Name + "-*") : [];
}
