using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Ciel.Live.FirstLight;

/// <summary>kill -9 at random moments while servers come and go. CIEL_KILLS sets how often (the full run is 50).</summary>
[Collection("whole clouds")]
public class KillTests
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("CIEL_KILLS") ?? "6", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Nothing_is_lost_doubled_or_left_behind()
    {
        await using var cloud = await LiveCloud.Start("kill", 9480);
        using var client = await CloudApi.Login(cloud);
        var lasting = await Lasting(client);
        var pid = Qemu(cloud, lasting);
        var random = new Random(20261122);
        for (var i = 0; i < Kills; i++)
        {
            await KillDuringWork(cloud, client, random);
        }

        await Settle(client);
        var servers = await client.Servers();
        servers.ShouldAllBe(s => s.Status == "ACTIVE" || (s.Status == "ERROR" && s.Fault != null), string.Join('\n', servers));
        Qemu(cloud, lasting).ShouldBe(pid, "the machine that ran kept running");
        await SpansMatch(cloud, servers);
        foreach (var server in servers)
        {
            await client.Delete(server.Id);
        }

        await client.Until(async () => (await client.Servers()).Count == 0, "all servers are gone");
        await client.DeleteNetwork();
        await Leftovers.None(cloud);
    }

    private static async Task<string> Lasting(CloudApi client)
    {
        await client.MakeNetwork();
        var id = await client.Create("lasting");
        await client.Until(async () => (await client.Servers()).Single(s => s.Id == id).Status == "ACTIVE", "the lasting server runs");
        return id;
    }

    private static async Task KillDuringWork(LiveCloud cloud, CloudApi client, Random random)
    {
        var work = Enumerable.Range(0, 2).Select(_ => client.TryCreateOrDelete(random.Next(3))).ToArray();
        await Task.Delay(random.Next(2500), TestContext.Current.CancellationToken);
        using (var process = Process.GetProcessById(cloud.Pid))
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(work);
        await cloud.Up();
    }

    private static Task Settle(CloudApi client) =>
        client.Until(async () => (await client.Servers()).All(s => s is { Status: "ACTIVE" or "ERROR", Task: null }), "every server rests");

    private static async Task SpansMatch(LiveCloud cloud, IReadOnlyList<CloudApi.Server> servers)
    {
        var spans = JsonDocument.Parse(await cloud.Ciel("usage", "--spans", "--json")).RootElement.EnumerateArray()
            .Where(s => s.GetProperty("meter").GetString() == "server.running").ToArray();
        spans.Where(s => s.GetProperty("closed").GetString() == "open").Select(s => s.GetProperty("resource").GetString()).Order()
            .ShouldBe(servers.Where(s => s.Status == "ACTIVE").Select(s => s.Id).Order());
        spans.GroupBy(s => s.GetProperty("resource").GetString()).ShouldAllBe(g => g.Count() == 1, "no server ran twice");
    }

    private static int Qemu(LiveCloud cloud, string id) => HostProcesses.Machines(cloud).Single(m => m.CommandLine.Contains(id, StringComparison.Ordinal)).Pid;
}
