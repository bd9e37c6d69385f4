using System.Net;
using System.Net.Sockets;
using System.Text;
using Ciel.Core.Policy;
using Ciel.Services.ObjectStorage.Swift;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Ways by which one tenant reached what is another's, or more than it was given.</summary>
public class CrossedTenantTests
{
    [Fact]
    public async Task ASwiftCopyReachedIntoAnyAccountThatItNamed()
    {
        await using var cloud = await S3Cloud.Start();
        var (victim, thief) = (await SwiftClient.Of(cloud, "victim"), await SwiftClient.Of(cloud, "thief"));
        (await victim.Put("/box")).Ok();
        (await victim.Put("/box/secret", "mine")).Ok();
        (await thief.Put("/own")).Ok();
        (await thief.Put("/own/bait", "theirs")).Ok();
        var account = "AUTH_" + victim.Project;
        (await thief.Put("/own/loot", "", ("X-Copy-From", "box/secret"), ("X-Copy-From-Account", account))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await thief.Send("COPY", "/own/bait", null, ("Destination", "box/secret"), ("Destination-Account", account))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await victim.Get("/box/secret")).Text.ShouldBe("mine");

        (await victim.Post("/box", ("X-Container-Read", thief.Project + ":*"))).Ok();
        (await thief.Put("/own/gift", "", ("X-Copy-From", "box/secret"), ("X-Copy-From-Account", account))).Ok();
        (await thief.Get("/own/gift")).Text.ShouldBe("mine");
    }

    [Fact]
    public async Task APresignedPutBecameACopyOfAnyObjectByAnUnsignedHeader()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/secret", "mine")).Ok();
        var (link, nobody) = (cloud.Main.Presign(HttpMethod.Put, "/bucket/drop", 60), cloud.Main.As(anonymous: true));
        foreach (var header in (string[])["x-amz-copy-source", "X-Amz-Acl", "x-amz-object-lock-legal-hold", "x-amz-meta-a"])
        {
            var answer = await nobody.Put(link, "", (header, header == "x-amz-copy-source" ? "/bucket/secret" : "public-read"));
            answer.Code.ShouldBe("AccessDenied", header);
        }

        (await nobody.Put(link, "dropped", ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"))).Ok();
        (await cloud.Main.As(tamper: request => request.Headers.Add("x-amz-acl", "public-read")).Put("/bucket/open", "x")).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task WhoMightWriteBySwiftLockedTheOwnersBucketByHeadersOfS3()
    {
        await using var cloud = await S3Cloud.Start();
        var owner = new SwiftClient(cloud.Http, cloud.Door, cloud.MainProject, await cloud.Cloud.Token("main", "a long secret of main", "main"));
        var guest = await SwiftClient.Of(cloud, "guest");
        var token = await cloud.Cloud.Token("guest", "a long secret of guest", "guest");
        (await cloud.Main.Put("/locked", "", ("x-amz-bucket-object-lock-enabled", "true"))).Ok();
        (await owner.Post("/locked", ("X-Container-Write", guest.Project + ":*"))).Ok();
        (await owner.As(token).Put("/locked/key", "x", ("x-amz-object-lock-mode", "COMPLIANCE"), ("x-amz-object-lock-retain-until-date", "2999-01-01T00:00:00Z"), ("x-amz-acl", "public-read"))).Ok();
        (await cloud.Main.Head("/locked/key"))["x-amz-object-lock-mode"].ShouldBeNull();
        (await cloud.Main.As(anonymous: true).Get("/locked/key")).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task TrailersOfABodyWereKeptWithoutALimitForAnybody()
    {
        await using var cloud = await S3Cloud.Start();
        using var socket = new TcpClient(cloud.Door.Host, cloud.Door.Port);
        await using var stream = socket.GetStream();
        var lines = new StringBuilder("0\r\n");
        for (var i = 0; lines.Length < 64 * 1024; i++)
        {
            lines.Append($"x-amz-checksum-{i}:{new string('a', 1000)}\r\n");
        }

        // The end of the body never comes: only a refusal answers.
        var head = $"POST /bucket?delete HTTP/1.1\r\nHost: {cloud.Door.Authority}\r\nContent-Length: 1000000000\r\nx-amz-decoded-content-length: 0\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + lines), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("HTTP/1.1 400 Bad Request");
    }

    [Fact]
    public async Task ASessionOfRootBecameLastingByWayOfARole()
    {
        await using var cloud = await S3Cloud.Start();
        var role = await cloud.Main.IamRole("keeper", $$"""{"AWS":"arn:aws:iam::{{cloud.MainProject}}:root"}""", IamClient.Policy("Allow", "*", "*"));
        var lasting = cloud.Session(await cloud.Main.Assume(role));
        (await lasting.Iam("CreateUser", ("UserName", "meant"))).Ok();

        var stolen = cloud.Session(await cloud.Main.Sts("GetSessionToken"));
        var chained = cloud.Session(await stolen.Assume(role));
        (await chained.Put("/bucket/key", "x")).Ok();
        (await chained.Iam("ListUsers")).Ok();
        (await chained.Iam("CreateUser", ("UserName", "hidden"))).Code.ShouldBe("AccessDenied");
        (await cloud.Session(await chained.Assume(role)).Iam("CreateUser", ("UserName", "hidden"))).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public void AProjectOfTheSameNameInAnotherDomainWasLetInBySwiftsLists()
    {
        var actor = new Actor { UserId = "u", UserName = "joe", UserDomainId = "default", ProjectId = "p", ProjectName = "payroll", ProjectDomainId = "default" };
        SwiftAcl.Allows("payroll:joe", actor, null, listing: false).ShouldBeTrue();
        SwiftAcl.Allows("payroll:*", actor with { ProjectDomainId = "evil" }, null, listing: false).ShouldBeFalse();
        SwiftAcl.Allows("p:joe", actor with { UserDomainId = "evil" }, null, listing: false).ShouldBeFalse();
        SwiftAcl.Allows("p:u", actor with { UserDomainId = "evil", ProjectDomainId = "evil" }, null, listing: false).ShouldBeTrue();
    }

    [Fact]
    public async Task ADenialOfARangeWrittenByAnAddressInItWasPassedOver()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        foreach (var (range, denied) in (IEnumerable<(string, bool)>)[("127.1.2.3/8", true), ("127.0.0.0/8", true), ("127.0.0.1", true), ("128.0.0.1/8", false), ("127.0.0.2/31", false), ("::1/128", false), ("127.0.0.1/99", false)])
        {
            var policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*","Condition":{"IpAddress":{"aws:SourceIp":"{{range}}"} } }] }""";
            (await cloud.Main.Put("/bucket?policy", policy)).Ok();
            (await cloud.Main.Get("/bucket/key")).Status.ShouldBe(denied ? HttpStatusCode.Forbidden : HttpStatusCode.OK, range);
        }
    }
}
