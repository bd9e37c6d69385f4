using System.Text;
using Ciel.Agent.Contract;
using Ciel.Services.Nodes;
using Ciel.Tests.Compute;
using Ciel.Tests.Network;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Attack;

/// <summary>A port's device is its owner's to write. Whoever writes another tenant's server into it gains nothing by it.</summary>
public class BorrowedDeviceTests
{
    /// <summary>Regression: the guest behind such a port was told the other server's user data, and could hand in its password.</summary>
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AGuestIsNotToldAnothersMetadata(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var (server, _) = await Boot(cloud, "alice");
        var (_, port) = await Boot(cloud, "bob");
        (await Ask(cloud, port, "/openstack/latest/user_data")).ShouldBe((200, "of bob"));
        await Borrow(cloud, port, server);
        (await Ask(cloud, port, "/openstack/latest/user_data")).Status.ShouldBe(404);
        (await Ask(cloud, port, "/latest/user-data")).Status.ShouldBe(404);
        (await Ask(cloud, port, "/openstack/2013-10-17/password", "POST")).Status.ShouldBe(404);
        (await cloud.Show("alice", server)).GetProperty("addresses").GetProperty("lan").GetArrayLength().ShouldBe(1);
    }

    /// <summary>Regression: Nova's older actions took every port that named the server for the server's.</summary>
    [Fact]
    public async Task AFloatingAddressDoesNotLandOnAnothersPort()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        var (server, own) = await Boot(cloud, "alice");
        var (_, port) = await Boot(cloud, "bob");
        await Borrow(cloud, port, server);
        var theirs = (await cloud.Get("bob", "/network/v2.0/ports/" + port)).GetProperty("port").GetProperty("fixed_ips")[0].Text("ip_address");
        var refused = await cloud.Act("alice", server, new { removeFixedIp = new { address = theirs } }, "2.1");
        refused.Status.ShouldBe(400, own);
        (await cloud.Get("bob", "/network/v2.0/ports/" + port)).GetProperty("port").GetProperty("fixed_ips").GetArrayLength().ShouldBe(1);
    }

    private static async Task Borrow(ComputeCloud cloud, string port, string server) =>
        await cloud.Send(HttpMethod.Put, "/network/v2.0/ports/" + port, "bob", new { port = new { device_id = server } });

    private static async Task<(string Server, string Port)> Boot(ComputeCloud cloud, string who)
    {
        var network = await cloud.Lan(who, who == "bob" ? "10.8.0.0/24" : "10.0.0.0/24");
        var id = await cloud.Boot(who, new { user_data = Convert.ToBase64String(Encoding.UTF8.GetBytes("of " + who)), networks = new[] { new { uuid = network } } });
        await cloud.Until(who, id, "ACTIVE");
        return (id, (await cloud.Get(who, $"servers/{id}/os-interface")).GetProperty("interfaceAttachments")[0].Text("port_id")!);
    }

    private static async Task<(int Status, string Text)> Ask(ComputeCloud cloud, string port, string path, string method = "GET")
    {
        var question = new MetadataQuestion(port, method, path, new Dictionary<string, string>(), "c2VjcmV0"u8.ToArray());
        var answer = await cloud.Parts.GetRequiredService<IGuestMetadata>().Answer(question, TestContext.Current.CancellationToken);
        return (answer.Status, Encoding.UTF8.GetString(answer.Body));
    }
}
