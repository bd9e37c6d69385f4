namespace Ciel.Tests.ObjectStorage;

/// <summary>IAM's users, groups and policies.</summary>
public class IamTests
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task AUserMayWhatItsPoliciesAllowAndNoMore(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        (await cloud.Main.Put("/bucket/a/key", "here")).Ok();
        var user = await cloud.IamUser(cloud.Main, "Joe");
        (await user.Get("/bucket/a/key")).Code.ShouldBe("AccessDenied");
        (await user.Get("/")).Code.ShouldBe("AccessDenied");
        (await user.Put("/mine")).Code.ShouldBe("AccessDenied");
        (await user.Get("/bucket?policy")).Code.ShouldBe("AccessDenied");
        (await user.Iam("ListUsers")).Code.ShouldBe("AccessDenied");
        (await user.Form("sns", ("Action", "ListTopics"))).Code.ShouldBe("AuthorizationError");
        (await user.Iam("PutUserPolicy", ("UserName", "Joe"), ("PolicyName", "own"), ("PolicyDocument", IamClient.AllowAll))).Code.ShouldBe("AccessDenied");

        (await cloud.Main.Iam("PutUserPolicy", ("UserName", "joe"), ("PolicyName", "read"), ("PolicyDocument", IamClient.Policy("Allow", "s3:GetObject", "arn:aws:s3:::bucket/a/*")))).Ok();
        (await user.Get("/bucket/a/key")).Text.ShouldBe("here");
        (await user.Put("/bucket/a/key", "there")).Code.ShouldBe("AccessDenied");

        (await cloud.Main.Iam("AttachUserPolicy", ("UserName", "Joe"), ("PolicyArn", "arn:aws:iam::aws:policy/AmazonS3FullAccess"))).Ok();
        (await user.Put("/bucket/a/key", "there")).Ok();
        (await user.Put("/of-joe")).Ok();
        (await cloud.Main.Get("/of-joe")).Ok();

        (await cloud.Main.Iam("PutUserPolicy", ("UserName", "Joe"), ("PolicyName", "no"), ("PolicyDocument", IamClient.Policy("Deny", "s3:Put*", "*")))).Ok();
        (await user.Put("/bucket/a/key", "again")).Code.ShouldBe("AccessDenied");
        (await user.Get("/bucket/a/key")).Text.ShouldBe("there");
    }

    [Fact]
    public async Task ABucketsPolicyLetsItsOwnAccountsUserInByNameAndDeniesItTheSame()
    {
        await using var cloud = await S3Cloud.Start();
        var user = await cloud.IamUser(cloud.Main, "joe");
        (await cloud.Main.Put("/bucket/key", "here")).Ok();
        var arn = (await cloud.Main.Iam("GetUser", ("UserName", "joe"))).All("Arn")[0];
        arn.ShouldBe($"arn:aws:iam::{cloud.MainProject}:user/joe");
        // The account as a whole: it decides itself whom it lets.
        (await cloud.Main.Put("/bucket?policy", BucketPolicy("Allow", $"arn:aws:iam::{cloud.MainProject}:root"))).Ok();
        (await user.Get("/bucket/key")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/bucket?policy", BucketPolicy("Allow", arn))).Ok();
        (await user.Get("/bucket/key")).Text.ShouldBe("here");
        (await cloud.Main.Iam("PutUserPolicy", ("UserName", "joe"), ("PolicyName", "all"), ("PolicyDocument", IamClient.AllowAll))).Ok();
        (await cloud.Main.Put("/bucket?policy", BucketPolicy("Deny", arn))).Ok();
        (await user.Get("/bucket/key")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Get("/bucket/key")).Ok();
    }

    [Fact]
    public async Task AStrangersUserNeedsBothPolicies()
    {
        await using var cloud = await S3Cloud.Start();
        var (stranger, strangerProject) = await cloud.Account("stranger");
        var user = await cloud.IamUser(stranger, "joe", IamClient.AllowAll);
        (await cloud.Main.Put("/bucket/key", "here")).Ok();
        (await user.Get("/bucket/key")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Put("/bucket?policy", BucketPolicy("Allow", $"arn:aws:iam::{strangerProject}:user/joe"))).Ok();
        (await user.Get("/bucket/key")).Text.ShouldBe("here");
        (await stranger.Iam("DeleteUserPolicy", ("UserName", "joe"), ("PolicyName", "own"))).Ok();
        (await user.Get("/bucket/key")).Code.ShouldBe("AccessDenied");
        // A user of the same name in the bucket's account is somebody else, and one without an account is the bucket's own.
        (await stranger.Iam("PutUserPolicy", ("UserName", "joe"), ("PolicyName", "own"), ("PolicyDocument", IamClient.AllowAll))).Ok();
        (await cloud.Main.Put("/bucket?policy", BucketPolicy("Allow", "arn:aws:iam:::user/joe"))).Ok();
        (await user.Get("/bucket/key")).Code.ShouldBe("AccessDenied");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task NobodySeesOrChangesAnotherAccountsUsers(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        await cloud.IamUser(cloud.Main, "joe");
        var (stranger, _) = await cloud.Account("stranger");
        foreach (var action in (string[])["GetUser", "DeleteUser", "CreateAccessKey", "ListAccessKeys", "ListUserPolicies"])
        {
            (await stranger.Iam(action, ("UserName", "joe"))).Code.ShouldBe("NoSuchEntity", action);
        }

        (await stranger.Iam("ListUsers")).All("UserName").ShouldBeEmpty();
        var (reader, _) = await cloud.Account("looker", "reader");
        (await reader.Iam("CreateUser", ("UserName", "joe"))).Code.ShouldBe("AccessDenied");
        (await reader.Iam("ListUsers")).Ok();
        (await cloud.Main.As(anonymous: true).Iam("ListUsers")).Code.ShouldBe("MissingAuthenticationToken");
    }

    [Fact]
    public async Task AKeyEndsWhenItIsSwitchedOffOrItsProjectIs()
    {
        await using var cloud = await S3Cloud.Start();
        var user = await cloud.IamUser(cloud.Main, "joe", IamClient.AllowAll);
        (await user.Get("/bucket")).Ok();
        (await cloud.Main.Iam("UpdateAccessKey", ("UserName", "joe"), ("AccessKeyId", user.Access), ("Status", "Inactive"))).Ok();
        (await user.Get("/bucket")).Code.ShouldBe("InvalidAccessKeyId");
        (await cloud.Main.Iam("UpdateAccessKey", ("UserName", "joe"), ("AccessKeyId", user.Access), ("Status", "Active"))).Ok();
        (await user.Get("/bucket")).Ok();
        var admin = await cloud.Cloud.AdminToken();
        await cloud.Cloud.Send(HttpMethod.Patch, "/identity/v3/projects/" + cloud.MainProject, admin, new { project = new { enabled = false } });
        (await user.Get("/bucket")).Code.ShouldBe("InvalidAccessKeyId");
        await cloud.Cloud.Send(HttpMethod.Patch, "/identity/v3/projects/" + cloud.MainProject, admin, new { project = new { enabled = true } });
        (await user.Get("/bucket")).Ok();
        (await cloud.Main.Iam("DeleteUser", ("UserName", "joe"))).Code.ShouldBe("DeleteConflict");
        (await cloud.Main.Iam("DeleteAccessKey", ("UserName", "joe"), ("AccessKeyId", user.Access))).Ok();
        (await user.Get("/bucket")).Code.ShouldBe("InvalidAccessKeyId");
    }

    [Fact]
    public async Task AGroupLendsItsPoliciesToWhoIsInIt()
    {
        await using var cloud = await S3Cloud.Start();
        var user = await cloud.IamUser(cloud.Main, "joe");
        (await cloud.Main.Iam("CreateGroup", ("GroupName", "staff"))).Ok();
        (await cloud.Main.Iam("PutGroupPolicy", ("GroupName", "staff"), ("PolicyName", "own"), ("PolicyDocument", IamClient.AllowAll))).Ok();
        (await user.Get("/bucket")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.Iam("AddUserToGroup", ("GroupName", "staff"), ("UserName", "joe"))).Ok();
        (await user.Get("/bucket")).Ok();
        (await cloud.Main.Iam("GetGroup", ("GroupName", "staff"))).All("UserName").ShouldBe(["joe"]);
        (await cloud.Main.Iam("DeleteGroup", ("GroupName", "staff"))).Code.ShouldBe("DeleteConflict");
        (await cloud.Main.Iam("RemoveUserFromGroup", ("GroupName", "staff"), ("UserName", "joe"))).Ok();
        (await user.Get("/bucket")).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task AVariableStandsForTheUsersOwnName()
    {
        await using var cloud = await S3Cloud.Start();
        var policy = IamClient.Policy("Allow", "s3:*", "arn:aws:s3:::bucket/${aws:username}/*");
        var joe = await cloud.IamUser(cloud.Main, "joe", policy);
        (await joe.Put("/bucket/joe/key", "mine")).Ok();
        (await joe.Put("/bucket/ann/key", "hers")).Code.ShouldBe("AccessDenied");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"s3:*"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":[],"Resource":"*"}]}""")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}""")]
    public async Task AMalformedPolicyIsRefused(string policy)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Iam("CreateUser", ("UserName", "joe"))).Ok();
        (await cloud.Main.Iam("PutUserPolicy", ("UserName", "joe"), ("PolicyName", "own"), ("PolicyDocument", policy))).Code.ShouldBe("MalformedPolicyDocument");
        (await cloud.Main.Iam("CreateRole", ("RoleName", "role"), ("AssumeRolePolicyDocument", policy))).Code.ShouldBe("MalformedPolicyDocument");
    }

    [Theory]
    [InlineData("CreateUser", "UserName", "a b")]
    [InlineData("CreateUser", "UserName", "\u0001")]
    [InlineData("CreateUser", "UserName", "")]
    [InlineData("CreateUser", "UserName", "01a206dba61c75028ea74dedc19a6e27")]
    [InlineData("ListUsers", "MaxItems", "-1")]
    [InlineData("ListUsers", "MaxItems", "99999999999999999999")]
    [InlineData("CreateOpenIDConnectProvider", "Url", "http://example.org")]
    [InlineData("CreateOpenIDConnectProvider", "Url", "nowhere")]
    public async Task BadParametersAreRefused(string action, string name, string value)
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Iam(action, (name, value))).Code.ShouldBe("ValidationError");
    }

    private static string BucketPolicy(string effect, string principal) =>
        $$"""{"Version":"2012-10-17","Statement":[{"Effect":"{{effect}}","Principal":{"AWS":"{{principal}}"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}]}""";
}
