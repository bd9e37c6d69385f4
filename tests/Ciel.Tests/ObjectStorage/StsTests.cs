using Ciel.Services.ObjectStorage.Sts;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Temporary credentials: what they may, and when they end.</summary>
public class StsTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ASessionIsAsGoodAsItsKeyUntilTheKeyIsGone(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var answer = await cloud.Main.Sts("GetSessionToken");
        var session = cloud.Session(answer);
        session.Access.ShouldStartWith("ASIA");
        (await session.Put("/bucket/key", "here")).Ok();
        using var link = await cloud.Http.GetAsync(new Uri(cloud.Door, session.Presign(HttpMethod.Get, "/bucket/key", 60)));
        (await link.Content.ReadAsStringAsync()).ShouldBe("here");
        (await session.Sts("GetCallerIdentity")).All("Account").ShouldBe([cloud.MainProject]);
        // It may not become lasting.
        (await session.Sts("GetSessionToken")).Code.ShouldBe("AccessDenied");
        (await session.Iam("CreateUser", ("UserName", "joe"))).Code.ShouldBe("AccessDenied");

        var admin = await cloud.Cloud.AdminToken();
        var users = await cloud.Cloud.Send(HttpMethod.Get, "/identity/v3/users?name=main", admin);
        await cloud.Cloud.Send(HttpMethod.Delete, $"/identity/v3/users/{users.GetProperty("users")[0].GetProperty("id").GetString()}/credentials/OS-EC2/{cloud.Main.Access}", admin);
        (await session.Get("/bucket/key")).Code.ShouldBe("InvalidToken");
    }

    [Fact]
    public async Task AForgedMixedOrExpiredTokenIsRefused()
    {
        await using var cloud = await S3Cloud.Start();
        var one = cloud.Session(await cloud.Main.Sts("GetSessionToken"));
        var other = cloud.Session(await cloud.Main.Sts("GetSessionToken"));
        foreach (var token in (string[])["", "x", "1:AAAA", one.Token![..^2] + "AA", one.Token + "A", other.Token!, new string('a', 20_000)])
        {
            var forged = new S3Client(cloud.Http, cloud.Door, one.Access, "secret") { Token = token };
            (await forged.Get("/bucket")).Code.ShouldBe("InvalidToken", token);
            (await forged.Sts("GetCallerIdentity")).Code.ShouldBe("InvalidClientTokenId", token);
        }

        // Without its token a temporary key is nobody's; with another's key the token is nothing.
        (await new S3Client(cloud.Http, cloud.Door, one.Access, "secret").Get("/bucket")).Code.ShouldBe("InvalidAccessKeyId");
        (await new S3Client(cloud.Http, cloud.Door, cloud.Main.Access, "secret") { Token = one.Token }.Get("/bucket")).Code.ShouldBe("InvalidToken");
        (await one.As(tamper: r => r.RequestUri = new Uri(cloud.Door, "/other")).Get("/bucket")).Code.ShouldBe("SignatureDoesNotMatch");

        var sessions = cloud.Cloud.Host.Parts.GetRequiredService<Sessions>();
        var (access, old) = await sessions.Make(new SessionContent { Secret = "secret", ExpiresAt = 1, Source = cloud.Main.Access });
        (await new S3Client(cloud.Http, cloud.Door, access, "secret") { Token = old }.Get("/bucket")).Code.ShouldBe("ExpiredToken");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ARoleGivesWhatItsPoliciesAllow(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        (await cloud.Main.Put("/bucket/key", "here")).Ok();
        var user = await cloud.IamUser(cloud.Main, "joe");
        var role = await cloud.Main.IamRole("reader", $$"""{"AWS":"arn:aws:iam::{{cloud.MainProject}}:user/joe"}""", IamClient.Policy("Allow", "s3:GetObject", "*"));
        var answer = await user.Assume(role);
        var session = cloud.Session(answer);
        answer.All("Arn").ShouldBe([$"arn:aws:sts::{cloud.MainProject}:assumed-role/reader/session"]);
        (await session.Get("/bucket/key")).Text.ShouldBe("here");
        (await session.Put("/bucket/key", "there")).Code.ShouldBe("AccessDenied");
        (await session.Sts("GetCallerIdentity")).All("Arn").ShouldBe([$"arn:aws:sts::{cloud.MainProject}:assumed-role/reader/session"]);

        (await cloud.Main.Iam("PutRolePolicy", ("RoleName", "reader"), ("PolicyName", "own"), ("PolicyDocument", IamClient.Policy("Deny", "s3:*", "*")))).Ok();
        (await session.Get("/bucket/key")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Iam("DeleteRolePolicy", ("RoleName", "reader"), ("PolicyName", "own"))).Ok();
        (await cloud.Main.Iam("DeleteRole", ("RoleName", "reader"))).Ok();
        (await session.Get("/bucket/key")).Code.ShouldBe("InvalidToken");
    }

    [Fact]
    public async Task ASessionPolicyOnlyEverNarrows()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/a", "here")).Ok();
        (await cloud.Main.Put("/bucket/b", "there")).Ok();
        var role = await cloud.Main.IamRole("reader", """{"AWS":"*"}""", IamClient.Policy("Allow", "s3:GetObject", "*"));
        var wide = cloud.Session(await cloud.Main.Assume(role, ("Policy", IamClient.AllowAll)));
        (await wide.Get("/bucket/a")).Ok();
        (await wide.Put("/bucket/a", "more")).Code.ShouldBe("AccessDenied");
        var narrow = cloud.Session(await cloud.Main.Assume(role, ("Policy", IamClient.Policy("Allow", "s3:*", "arn:aws:s3:::bucket/a"))));
        (await narrow.Get("/bucket/a")).Ok();
        (await narrow.Get("/bucket/b")).Code.ShouldBe("AccessDenied");
        (await narrow.Put("/bucket/a", "more")).Code.ShouldBe("AccessDenied");

        var federated = cloud.Session(await cloud.Main.Sts("GetFederationToken", ("Name", "guest"), ("Policy", IamClient.Policy("Allow", "s3:GetObject", "arn:aws:s3:::bucket/a"))));
        (await federated.Get("/bucket/a")).Ok();
        (await federated.Get("/bucket/b")).Code.ShouldBe("AccessDenied");
        (await federated.Put("/more")).Code.ShouldBe("AccessDenied");
        (await federated.Get("/")).Code.ShouldBe("AccessDenied");
        (await federated.Get("/bucket?policy")).Code.ShouldBe("AccessDenied");
        (await federated.Iam("ListUsers")).Code.ShouldBe("AccessDenied");
        // To assume a role it would need to be allowed that.
        (await federated.Assume(role)).Code.ShouldBe("AccessDenied");
        var nothing = cloud.Session(await cloud.Main.Sts("GetFederationToken", ("Name", "guest")));
        (await nothing.Get("/bucket/a")).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task ARoleTrustsWhomItNamesAndNobodyElse()
    {
        await using var cloud = await S3Cloud.Start();
        var (stranger, strangerProject) = await cloud.Account("stranger");
        var (third, _) = await cloud.Account("third");
        var weak = await cloud.IamUser(stranger, "joe");
        var role = await cloud.Main.IamRole("guest", $$"""{"AWS":"arn:aws:iam::{{strangerProject}}:root"}""", IamClient.AllowAll);
        (await third.Assume(role)).Code.ShouldBe("AccessDenied");
        // The stranger's account decides which of its users may.
        (await weak.Assume(role)).Code.ShouldBe("AccessDenied");
        (await stranger.Iam("PutUserPolicy", ("UserName", "joe"), ("PolicyName", "own"), ("PolicyDocument", IamClient.Policy("Allow", "sts:AssumeRole", role)))).Ok();
        (await cloud.Session(await weak.Assume(role)).Get("/bucket")).Ok();
        var session = cloud.Session(await stranger.Assume(role));
        (await session.Put("/bucket/key", "of the role")).Ok();
        (await cloud.Main.Get("/bucket/key")).Ok();
        // The role is of its own account: what is the stranger's stays the stranger's.
        (await stranger.Put("/strange")).Ok();
        (await session.Get("/strange")).Code.ShouldBe("AccessDenied");
        (await stranger.Assume("arn:aws:iam::nowhere:role/guest")).Code.ShouldBe("AccessDenied");
        (await stranger.Assume("arn:aws:iam:::role/guest")).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task ADeputyIsNotConfused()
    {
        await using var cloud = await S3Cloud.Start();
        var (deputy, deputyProject) = await cloud.Account("deputy");
        var role = await cloud.Main.IamRole("for-deputy", $$"""{"AWS":"arn:aws:iam::{{deputyProject}}:root"}""", IamClient.AllowAll, """{"StringEquals":{"sts:ExternalId":"customer 7"}}""");
        (await deputy.Assume(role)).Code.ShouldBe("AccessDenied");
        (await deputy.Assume(role, ("ExternalId", "customer 8"))).Code.ShouldBe("AccessDenied");
        (await deputy.Assume(role, ("ExternalId", "customer 7"))).Ok();
    }

    [Fact]
    public async Task WhoMayOnlyReadCannotBecomeOneWhoMayWrite()
    {
        await using var cloud = await S3Cloud.Start();
        var (reader, project) = await cloud.Account("looker", "reader");
        var role = await cloud.Main.IamRole("writer", $$"""{"AWS":"arn:aws:iam::{{project}}:root"}""", IamClient.AllowAll);
        (await reader.Assume(role)).Code.ShouldBe("AccessDenied");
        (await cloud.Session(await reader.Sts("GetSessionToken")).Put("/bucket-of-reader")).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task ASessionEndsWithTheKeyOfWhoAssumedTheRole()
    {
        await using var cloud = await S3Cloud.Start();
        var user = await cloud.IamUser(cloud.Main, "joe");
        var role = await cloud.Main.IamRole("all", $$"""{"AWS":"arn:aws:iam::{{cloud.MainProject}}:user/joe"}""", IamClient.AllowAll);
        var session = cloud.Session(await user.Assume(role));
        (await session.Get("/bucket")).Ok();
        (await cloud.Main.Iam("UpdateAccessKey", ("UserName", "joe"), ("AccessKeyId", user.Access), ("Status", "Inactive"))).Ok();
        (await session.Get("/bucket")).Code.ShouldBe("InvalidToken");
    }

    [Theory]
    [InlineData("DurationSeconds", "899")]
    [InlineData("DurationSeconds", "3601")]
    [InlineData("DurationSeconds", "x")]
    [InlineData("RoleSessionName", "a b")]
    [InlineData("RoleSessionName", "x")]
    public async Task BadParametersAreRefused(string name, string value)
    {
        await using var cloud = await S3Cloud.Start();
        var role = await cloud.Main.IamRole("all", """{"AWS":"*"}""", IamClient.AllowAll);
        (string, string)[] good = [("RoleArn", role), ("RoleSessionName", "session")];
        (await cloud.Main.Sts("AssumeRole", [.. good.Where(f => f.Item1 != name), (name, value)])).Code.ShouldBe("ValidationError");
    }
}
