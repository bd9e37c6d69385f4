using Ciel.Services.Identity;
using Ciel.Tests.ObjectStorage;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Billing;

/// <summary>What a suspended project's users may still do at the doors: look, fetch, delete.</summary>
public sealed class SuspensionDoorTests
{
    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_suspended_project_keeps_its_data_and_makes_nothing_new(string kind)
    {
        await using var s3 = await S3Cloud.Start(kind);
        var (cloud, identity) = (s3.Cloud, s3.Cloud.Host.Parts.GetRequiredService<IIdentity>());
        (await s3.Main.Put("/bucket/kept", "bytes", ("x-amz-acl", "public-read"))).Ok();
        var token = await cloud.Token("main", "a long secret of main", "main");
        var network = await cloud.Send(HttpMethod.Post, "/network/v2.0/networks", token, new { network = new { name = "lan" } });
        await cloud.Db.Write(tx => identity.SuspendProject(tx, s3.MainProject, "an invoice is not paid. Pay it."));

        (await Status(HttpMethod.Post, "/network/v2.0/networks", new { network = new { name = "more" } })).ShouldBe((403, true));
        (await Status(HttpMethod.Get, "/network/v2.0/networks")).Status.ShouldBe(200);
        (await Status(HttpMethod.Delete, "/network/v2.0/networks/" + network.GetProperty("network").GetProperty("id").GetString())).Status.ShouldBe(204);
        (await cloud.Token("main", "a long secret of main", "main")).ShouldNotBeEmpty("its users must be able to look and to pay");
        (await cloud.Raw(HttpMethod.Post, "/network/v2.0/networks", await cloud.AdminToken(), new { network = new { name = "the operator's" } })).IsSuccessStatusCode.ShouldBeTrue();

        var refused = await s3.Main.Put("/bucket/new", "bytes");
        ((int)refused.Status, refused.Text.Contains("AccountProblem", StringComparison.Ordinal)).ShouldBe((403, true));
        (await s3.Main.Put("/other-bucket")).Status.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        (await s3.Main.Get("/bucket/kept")).Text.ShouldBe("bytes");
        (await s3.Main.As(anonymous: true).Get("/bucket/kept")).Text.ShouldContain("AllAccessDisabled");

        await cloud.Db.Write(tx => identity.ResumeProject(tx, s3.MainProject));
        (await Status(HttpMethod.Post, "/network/v2.0/networks", new { network = new { name = "more" } })).Status.ShouldBe(201);
        (await s3.Main.Put("/bucket/new", "bytes")).Ok();
        (await s3.Main.As(anonymous: true).Get("/bucket/kept")).Text.ShouldBe("bytes");

        async Task<(int Status, bool Said)> Status(HttpMethod method, string path, object? body = null)
        {
            using var answer = await cloud.Raw(method, path, token, body);
            return ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Contains("The project is suspended: an invoice is not paid. Pay it.", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_suspended_projects_websites_and_containers_are_shut_too(string kind)
    {
        await using var s3 = await S3Cloud.Start(kind);
        var (cloud, identity) = (s3.Cloud, s3.Cloud.Host.Parts.GetRequiredService<IIdentity>());
        (await s3.Main.Put("/bucket?website", "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>")).Ok();
        (await s3.Main.Put("/bucket/index.html", "home", ("x-amz-acl", "public-read"))).Ok();
        var own = new SwiftClient(s3.Http, s3.Door, s3.MainProject, await cloud.Token("main", "a long secret of main", "main"));
        (await own.Put("/open", "", ("X-Container-Read", ".r:*"))).Ok();
        (await own.Put("/open/kept", "bytes")).Ok();
        (await Site(), (await own.As(null).Get("/open/kept")).Text).ShouldBe(("home", "bytes"));
        await cloud.Db.Write(tx => identity.SuspendProject(tx, s3.MainProject, "an invoice is not paid."));

        (await Site()).ShouldContain("AllAccessDisabled");
        ((int)(await own.As(null).Get("/open/kept")).Status).ShouldBe(403);
        var refused = await own.Put("/open/new", "bytes");
        ((int)refused.Status, refused.Text.Contains("an invoice is not paid.", StringComparison.Ordinal)).ShouldBe((403, true));
        ((int)(await own.Send("COPY", "/open/kept", null, ("Destination", "open/copy"))).Status).ShouldBe(403);
        ((int)(await own.Post("", ("X-Account-Meta-A", "b"))).Status).ShouldBe(403);
        (await own.Get("/open/kept")).Text.ShouldBe("bytes");
        (await own.As(await cloud.AdminToken()).Put("/open/by-operator", "bytes")).Ok();
        (await own.Delete("/open/kept")).Ok();

        await cloud.Db.Write(tx => identity.ResumeProject(tx, s3.MainProject));
        (await own.Put("/open/new", "bytes")).Ok();
        (await Site(), (await own.As(null).Get("/open/new")).Text).ShouldBe(("home", "bytes"));

        async Task<string> Site()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, s3.Door) { Headers = { Host = "bucket.s3-website.localhost" } };
            using var answer = await s3.Http.SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }
    }
}
