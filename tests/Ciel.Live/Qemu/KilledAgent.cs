using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ciel.Agent.Contract;

namespace Ciel.Live.Qemu;

[Collection("qemu")]
public class KilledAgent
{
    private const int Boots = 6;
    private const int KillsPerBoot = 4;

    /// <summary>Each boot prints once, so the guest's log counts the guests that ever ran: none may be missing, none doubled.</summary>
    [Fact]
    public async Task Kill_9_at_any_moment_neither_loses_nor_doubles_a_boot()
    {
        await using var node = await LiveNode.Start("lqk");
        var id = LiveNode.NewId();
        var name = ObjectName.Machine(id);
        var image = node.Cloud.Image(BootSector.Disk(BootSector.Say("up;"), BootSector.Halt)) with { Ticket = node.Data + "/image" };
        await File.WriteAllBytesAsync(image.Ticket, BootSector.Disk(BootSector.Say("up;"), BootSector.Halt), TestContext.Current.CancellationToken);
        await node.Stop();
        var chance = new Random(1);

        for (var boot = 1; boot <= Boots; boot++)
        {
            var request = new EnsureRequest(name, node.NextFence(), LiveNode.Spec(image, id, boot));
            for (var kill = 0; kill < KillsPerBoot; kill++)
            {
                await RunAndKill(node, request, TimeSpan.FromMilliseconds(chance.Next(250, 900)));
                node.Processes().Count.ShouldBeLessThanOrEqualTo(1);
            }

            await node.Restart();
            await node.Ensure(name, request.Spec, report => report.State == ObjectStates.Running);
            await node.UntilLog(name, string.Concat(Enumerable.Repeat("up;", boot)));
            (await node.Log(name)).Length.ShouldBe(boot * 3, $"the guests that ran by boot {boot}");
            node.Processes().Count.ShouldBe(1);
            await node.Stop();
        }

        await node.Restart();
    }

    private static async Task RunAndKill(LiveNode node, EnsureRequest request, TimeSpan life)
    {
        var file = node.Data + "/request";
        await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(request, Wire.Default.EnsureRequest));
        string[] arguments = ["agent", node.Options.Instance, node.Data, node.Options.FirstUid.ToString(CultureInfo.InvariantCulture), file];
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardError = true })!;
        await Task.Delay(life);
        process.Kill();
        await process.WaitForExitAsync();
    }
}
