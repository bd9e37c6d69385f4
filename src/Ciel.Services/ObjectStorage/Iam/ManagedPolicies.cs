using Ciel.Core.Store;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>The policies that AWS gives every account, as far as they concern what is here, and an account's own by ARN.</summary>
internal static class ManagedPolicies
{
    private const string Head = "arn:aws:iam::aws:policy/";

    private static readonly IReadOnlyDictionary<string, string> Given = new Dictionary<string, string>
    {
        ["AdministratorAccess"] = Allow("\"*\""),
        ["PowerUserAccess"] = Allow("\"s3:*\",\"sns:*\",\"sts:*\""),
        ["ReadOnlyAccess"] = Allow("\"s3:Get*\",\"s3:List*\",\"iam:Get*\",\"iam:List*\",\"sns:Get*\",\"sns:List*\""),
        ["AmazonS3FullAccess"] = Allow("\"s3:*\",\"s3-object-lambda:*\""),
        ["AmazonS3ReadOnlyAccess"] = Allow("\"s3:Get*\",\"s3:List*\",\"s3:Describe*\""),
        ["AmazonSNSFullAccess"] = Allow("\"sns:*\""),
        ["AmazonSNSReadOnlyAccess"] = Allow("\"sns:Get*\",\"sns:List*\""),
        ["IAMFullAccess"] = Allow("\"iam:*\""),
        ["IAMReadOnlyAccess"] = Allow("\"iam:Get*\",\"iam:List*\""),
    };

    public static IEnumerable<string> Arns => Given.Keys.Select(name => Head + name).Order(StringComparer.Ordinal);

    /// <summary>The policy's text; null where there is none of that ARN.</summary>
    public static async Task<string?> Text(Reader reader, string account, string arn)
    {
        if (arn.StartsWith(Head, StringComparison.Ordinal))
        {
            return Given.GetValueOrDefault(arn[Head.Length..]);
        }

        return IamNames.Named(arn, account, IamKinds.Policy) is { } name ? (await IamStore.Find(reader, account, IamKinds.Policy, name))?.Content.Policy : null;
    }

    public static string Name(string arn) => arn[(arn.LastIndexOf('/') + 1)..];

    private static string Allow(string actions) => $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[{{actions}}],"Resource":"*"}]}""";
}
