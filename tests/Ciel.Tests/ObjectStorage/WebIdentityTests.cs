namespace Ciel.Tests.ObjectStorage;

/// <summary>Roles for whom an OpenID Connect provider vouches.</summary>
public class WebIdentityTests
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task AProvidersWordOpensTheRolesThatTrustIt(string algorithm)
    {
        await using var provider = await TestProvider.Start();
        await using var cloud = await S3Cloud.Start(egress: "127.0.0.1");
        var role = await Role(cloud, provider);
        var answer = await Assume(cloud, role, provider.Token(algorithm));
        answer.Ok().All("SubjectFromWebIdentityToken").ShouldBe(["ann"]);
        var session = cloud.Session(answer);
        (await session.Put("/bucket/key", "here")).Ok();
        (await session.Put("/more")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Iam("DeleteOpenIDConnectProvider", ("OpenIDConnectProviderArn", $"arn:aws:iam::{cloud.MainProject}:oidc-provider/{provider.Url[7..]}"))).Ok();
        (await session.Get("/bucket/key")).Code.ShouldBe("InvalidToken");
    }

    [Fact]
    public async Task AWordThatIsNotForUsOrNotTheirsIsRefused()
    {
        await using var provider = await TestProvider.Start();
        await using var other = await TestProvider.Start();
        await using var cloud = await S3Cloud.Start(egress: "127.0.0.1");
        var role = await Role(cloud, provider);
        (await Assume(cloud, role, provider.Token(audience: "another"))).Code.ShouldBe("InvalidIdentityToken");
        (await Assume(cloud, role, provider.Token(lasts: -1))).Code.ShouldBe("ExpiredTokenException");
        (await Assume(cloud, role, other.Token())).Code.ShouldBe("InvalidIdentityToken");
        (await Assume(cloud, role, other.Token(issuer: provider.Url))).Code.ShouldBe("InvalidIdentityToken");
        (await Assume(cloud, role, provider.Token("none"))).Code.ShouldBe("InvalidIdentityToken");
        (await Assume(cloud, role, provider.Token("HS256"))).Code.ShouldBe("InvalidIdentityToken");
        (await Assume(cloud, role, "a.b.c")).Code.ShouldBe("InvalidIdentityToken");
        (await Assume(cloud, role, provider.Token()[..^4] + "AAAA")).Code.ShouldBe("InvalidIdentityToken");
        // The trust policy asks who it is.
        (await Assume(cloud, role, provider.Token(subject: "bob"))).Code.ShouldBe("AccessDenied");
        // A role of another account knows nothing of this account's provider.
        var (stranger, _) = await cloud.Account("stranger");
        var theirs = await stranger.IamRole("web", """{"Federated":"*"}""", IamClient.AllowAll);
        (await Assume(cloud, theirs, provider.Token())).Code.ShouldBe("InvalidIdentityToken");
        (await Assume(cloud, "arn:aws:iam::nowhere:role/web", provider.Token())).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task AClaimThatDiffersByCaseStoodForTheSubject()
    {
        await using var provider = await TestProvider.Start();
        await using var cloud = await S3Cloud.Start(egress: "127.0.0.1");
        var role = await Role(cloud, provider);
        (await Assume(cloud, role, provider.Token(subject: "bob", more: "ann", team: "Sub"))).Code.ShouldBe("AccessDenied");
        (await Assume(cloud, role, provider.Token(more: "bob", team: "Sub"))).Ok();
    }

    [Fact]
    public async Task AProviderOnThisMachineIsNotAskedUnlessTheOperatorAllowsIt()
    {
        await using var provider = await TestProvider.Start();
        await using var cloud = await S3Cloud.Start();
        var role = await Role(cloud, provider);
        (await Assume(cloud, role, provider.Token())).Code.ShouldBe("InvalidIdentityToken");
    }

    private static async Task<string> Role(S3Cloud cloud, TestProvider provider)
    {
        var made = (await cloud.Main.Iam("CreateOpenIDConnectProvider", ("Url", provider.Url), ("ClientIDList.member.1", "client"))).Ok();
        return await cloud.Main.IamRole(
            "web",
            $$"""{"Federated":"{{made.All("OpenIDConnectProviderArn")[0]}}"}""",
            IamClient.Policy("Allow", "s3:*", "arn:aws:s3:::bucket/*"),
            $$$"""{"StringEquals":{"{{{provider.Url[7..]}}}:sub":"ann","{{{provider.Url[7..]}}}:aud":"client"}}""");
    }

    private static Task<S3Answer> Assume(S3Cloud cloud, string role, string token) =>
        cloud.Main.As(anonymous: true).Sts("AssumeRoleWithWebIdentity", ("RoleArn", role), ("RoleSessionName", "session"), ("WebIdentityToken", token));
}
