namespace Ciel.Tests.ObjectStorage;

/// <summary>IAM and STS by a client's key.</summary>
internal static class IamClient
{
    public const string AllowAll = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}""";

    public static Task<S3Answer> Iam(this S3Client client, string action, params (string, string)[] fields) => client.Form("iam", [("Action", action), ("Version", "2010-05-08"), .. fields]);

    public static Task<S3Answer> Sts(this S3Client client, string action, params (string, string)[] fields) => client.Form("sts", [("Action", action), ("Version", "2011-06-15"), .. fields]);

    /// <summary>An IAM user with a key and, perhaps, a policy of its own.</summary>
    public static async Task<S3Client> IamUser(this S3Cloud cloud, S3Client root, string name, string? policy = null)
    {
        (await root.Iam("CreateUser", ("UserName", name))).Ok();
        var key = (await root.Iam("CreateAccessKey", ("UserName", name))).Ok();
        if (policy is not null)
        {
            (await root.Iam("PutUserPolicy", ("UserName", name), ("PolicyName", "own"), ("PolicyDocument", policy))).Ok();
        }

        return new S3Client(cloud.Http, cloud.Door, key.All("AccessKeyId")[0], key.All("SecretAccessKey")[0]);
    }

    /// <summary>A role that the principal may assume; its ARN.</summary>
    public static async Task<string> IamRole(this S3Client root, string name, string principal, string? policy = null, string condition = "{}")
    {
        var trust = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{{principal}},"Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity"],"Condition":{{condition}}}]}""";
        var role = (await root.Iam("CreateRole", ("RoleName", name), ("AssumeRolePolicyDocument", trust))).Ok();
        if (policy is not null)
        {
            (await root.Iam("PutRolePolicy", ("RoleName", name), ("PolicyName", "own"), ("PolicyDocument", policy))).Ok();
        }

        return role.All("Arn")[0];
    }

    public static Task<S3Answer> Assume(this S3Client client, string role, params (string, string)[] more) => client.Sts("AssumeRole", [("RoleArn", role), ("RoleSessionName", "session"), .. more]);

    /// <summary>The client of the credentials in an answer.</summary>
    public static S3Client Session(this S3Cloud cloud, S3Answer answer)
    {
        answer.Ok();
        return new S3Client(cloud.Http, cloud.Door, answer.All("AccessKeyId")[0], answer.All("SecretAccessKey")[0]) { Token = answer.All("SessionToken")[0] };
    }

    public static string Policy(string effect, string action, string resource) => $$"""{"Version":"2012-10-17","Statement":[{"Effect":"{{effect}}","Action":"{{action}}","Resource":"{{resource}}"}]}""";
}
