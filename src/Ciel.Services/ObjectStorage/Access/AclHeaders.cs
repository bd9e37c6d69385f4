using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>Access control lists from headers: a canned one, or grants.</summary>
internal sealed class AclHeaders(Accounts accounts)
{
    private static readonly IReadOnlyDictionary<string, string> Headers = new Dictionary<string, string>
    {
        ["x-amz-grant-read"] = "READ",
        ["x-amz-grant-write"] = "WRITE",
        ["x-amz-grant-read-acp"] = "READ_ACP",
        ["x-amz-grant-write-acp"] = "WRITE_ACP",
        ["x-amz-grant-full-control"] = Acl.Full,
    };

    /// <summary>The list that the headers ask for; null where they ask for none.</summary>
    /// <param name="call">The request.</param>
    /// <param name="owner">Who owns the thing.</param>
    /// <param name="bucketOwner">Who owns its bucket.</param>
    public async Task<Acl?> Read(S3Call call, (string Id, string Name) owner, (string Id, string Name) bucketOwner)
    {
        var grants = await Grants(call);
        if (call.Header("x-amz-acl") is { } canned)
        {
            return grants.Count > 0
                ? throw Faults.InvalidRequest("Specifying both Canned ACLs and Header Grants is not allowed")
                : Acl.Canned(canned, owner.Id, owner.Name, bucketOwner.Id, bucketOwner.Name) ?? throw Faults.InvalidArgument("x-amz-acl", canned, "");
        }

        return grants.Count > 0 ? new Acl(owner.Id, owner.Name, grants) : null;
    }

    /// <summary>The list for a new object in the call's bucket, as its ownership has it.</summary>
    public async Task<(Acl Acl, string OwnerId, string OwnerName)> ForObject(S3Call call)
    {
        var bucketOwner = (call.Bucket.ProjectId, call.Bucket.OwnerName);
        var owner = call.Caller.AccountId is { } id ? (id, call.Caller.AccountName) : bucketOwner;
        var acl = await Read(call, owner, bucketOwner);
        if (call.Bucket.AclsDisabled)
        {
            return acl is null || call.Header("x-amz-acl") == "bucket-owner-full-control" ? (Acl.Private(bucketOwner.ProjectId, bucketOwner.OwnerName), bucketOwner.ProjectId, bucketOwner.OwnerName) : throw AccountRules.AclsDisabled();
        }

        if (acl?.IsPublic == true && PublicAccess.Of(call.Bucket).BlockPublicAcls)
        {
            throw Faults.AccessDenied();
        }

        if (acl is not null && !AccountRules.GivesOnlyOwner(acl, owner.Item1))
        {
            Authorizer.Give(call, "s3:PutObjectAcl", owner.Item1);
        }

        return call.Bucket.Ownership == "BucketOwnerPreferred" && call.Header("x-amz-acl") == "bucket-owner-full-control"
            ? (Acl.Private(bucketOwner.ProjectId, bucketOwner.OwnerName), bucketOwner.ProjectId, bucketOwner.OwnerName)
            : (acl ?? Acl.Private(owner.Item1, owner.Item2), owner.Item1, owner.Item2);
    }

    private async Task<List<Grant>> Grants(S3Call call)
    {
        var grants = new List<Grant>();
        foreach (var (header, permission) in Headers)
        {
            foreach (var grantee in (call.Header(header) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = grantee.Split('=', 2);
                grants.Add(await accounts.Grant(call, parts[0].Trim(), parts.Length > 1 ? parts[1].Trim().Trim('"') : "", permission));
            }
        }

        return grants;
    }
}

/// <summary>What ownership controls say of lists.</summary>
internal static class AccountRules
{
    public static S3Fault AclsDisabled() => new(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");

    public static bool GivesOnlyOwner(Acl acl, string ownerId) => acl.Grants.All(g => g.Kind == Acl.Account && g.Id == ownerId);
}
