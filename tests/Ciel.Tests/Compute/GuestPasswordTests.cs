using System.Text;
using Ciel.Agent.Contract;
using Ciel.Services.Compute;
using Ciel.Services.Nodes;
using Ciel.Tests.Network;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Compute;

public class GuestPasswordTests
{
    private const string Page = "/openstack/2013-10-17/password";

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AGuestHandsItsPasswordInOnceAndItsOwnerReadsAndClearsIt(string kind)
    {
        await using var cloud = await ComputeCloud.Start(kind);
        var (id, port) = await Boot(cloud);
        var pages = $"servers/{id}/os-server-password";
        (await cloud.Get("alice", pages)).Text("password").ShouldBe("");
        (await Ask(cloud, port, "POST", "c2VjcmV0")).Status.ShouldBe(200);
        (await Ask(cloud, port, "POST", "b3RoZXI=")).Status.ShouldBe(409);
        Encoding.UTF8.GetString((await Ask(cloud, port, "GET")).Body).ShouldBe("c2VjcmV0");
        (await cloud.Get("alice", pages)).Text("password").ShouldBe("c2VjcmV0");
        (await cloud.Get("alice:reader", pages)).Text("password").ShouldBe("c2VjcmV0");
        await cloud.Fails(404, HttpMethod.Get, pages, "bob");
        await cloud.Fails(404, HttpMethod.Delete, pages, "bob");
        await cloud.Fails(403, HttpMethod.Delete, pages, "alice:reader");

        (await cloud.Try(HttpMethod.Delete, pages, "alice")).Status.ShouldBe(204);
        (await cloud.Get("alice", pages)).Text("password").ShouldBe("");
        (await Ask(cloud, port, "POST", "b3RoZXI=")).Status.ShouldBe(200);
        await cloud.Send(HttpMethod.Delete, "servers/" + id, "alice");
        await cloud.UntilGone("alice", id);
        (await cloud.Db.Read(r => r.Scalar<long>("SELECT COUNT(*) FROM compute_password"))).ShouldBe(0);
    }

    [Fact]
    public async Task WhatIsNoPasswordIsRefused()
    {
        await using var cloud = await ComputeCloud.Start("sqlite");
        var (_, port) = await Boot(cloud);
        (await Ask(cloud, port, "POST", new string('a', GuestPassword.Longest + 1))).Status.ShouldBe(400);
        (await Ask(cloud, port, "POST", "nul\0")).Status.ShouldBe(400);
        (await Ask(cloud, port, "PUT", "x")).Status.ShouldBe(400);
        (await Ask(cloud, port, "POST", "x", "/openstack/latest/meta_data.json")).Status.ShouldBe(405);
        (await Ask(cloud, port, "POST", "x", "/openstack/2012-08-10/password")).Status.ShouldBe(405);
        (await Ask(cloud, port, "GET", "", "/openstack/2012-08-10/password")).Status.ShouldBe(404);
        (await Ask(cloud, "0194f2a0-0000-7000-8000-0000000000ff", "POST", "x")).Status.ShouldBe(404);
        (await Ask(cloud, port, "POST", new string('a', GuestPassword.Longest))).Status.ShouldBe(200);
    }

    private static async Task<(string Server, string Port)> Boot(ComputeCloud cloud)
    {
        await cloud.Lan("alice");
        var id = await cloud.Boot("alice");
        await cloud.Until("alice", id, "ACTIVE");
        return (id, (await cloud.Get("alice", $"servers/{id}/os-interface")).GetProperty("interfaceAttachments")[0].Text("port_id")!);
    }

    private static Task<MetadataAnswer> Ask(ComputeCloud cloud, string port, string method, string body = "", string path = Page) =>
        cloud.Parts.GetRequiredService<IGuestMetadata>().Answer(
            new MetadataQuestion(port, method, path, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body)), TestContext.Current.CancellationToken);
}
