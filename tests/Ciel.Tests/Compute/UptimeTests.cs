using Ciel.Services.Compute;
using Ciel.Tests.Network;
using static Ciel.Tests.Compute.SampleServer;

namespace Ciel.Tests.Compute;

public class UptimeTests
{
    [Theory]
    [InlineData(0, 5, "5 min")]
    [InlineData(0, 65, " 1:05")]
    [InlineData(1, 0, "1 day, 0 min")]
    [InlineData(93, 1105, "93 days, 18:25")]
    public void ItIsToldAsUptimeTellsIt(int days, int minutes, string told)
    {
        var booted = Now - (((days * 1440L) + minutes) * 60_000_000);
        var facts = Host("n1").Facts with { BootedAtMicros = booted, Load = "0.20, 0.12, 0.14" };
        Uptime.Text(facts, Now).ShouldBe($" {DateTimeOffset.UnixEpoch.AddMicroseconds(Now):HH:mm:ss} up {told},  0 users,  load average: 0.20, 0.12, 0.14");
    }

    [Fact]
    public async Task ItHasAPageAndLaterAFieldInTheDetails()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        var page = (await cloud.Get("admin", "os-hypervisors/1/uptime")).GetProperty("hypervisor");
        page.Text("uptime")!.ShouldContain(" up 0 min,");
        (page.Text("state"), page.Text("status"), page.Text("hypervisor_hostname")).ShouldBe(("up", "enabled", "n1"));
        var host = (await cloud.Get("admin", "os-hypervisors/detail", "2.88")).GetProperty("hypervisors")[0];
        host.Text("uptime")!.ShouldContain("load average: 0.00");
        var id = host.Id();
        (await cloud.Get("admin", "os-hypervisors/" + id, "2.88")).GetProperty("hypervisor").Text("uptime")!.ShouldContain(" up ");
        await cloud.Fails(404, HttpMethod.Get, $"os-hypervisors/{id}/uptime", "admin", null, "2.88");
        await cloud.Fails(403, HttpMethod.Get, "os-hypervisors/1/uptime", "alice");
    }
}
