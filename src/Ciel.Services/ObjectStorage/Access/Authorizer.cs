using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>
/// Who may do what: an explicit Deny of any policy wins, then the bucket policy's Allow, then that the caller's account owns the thing, then the
/// access control list ("How Amazon S3 authorizes a request"). What an account may, its IAM users and roles may as far as their own policies say.
/// </summary>
internal static class Authorizer
{
    /// <summary>Refuses a caller that may not act on the bucket.</summary>
    /// <param name="call">The request; its bucket is looked up.</param>
    /// <param name="action">Such as <c>s3:ListBucket</c>.</param>
    /// <param name="permission">What the bucket's list must grant; null where only owner and policy count.</param>
    public static void Bucket(S3Call call, string action, string? permission)
    {
        if (!MayBucket(call, call.Bucket, action, permission))
        {
            throw Faults.AccessDenied();
        }
    }

    public static bool MayBucket(S3Call call, BucketRow bucket, string action, string? permission) =>
        May(call, bucket, new Request(action, null, null), bucket.ProjectId, bucket.Acl, permission);

    /// <summary>Refuses a caller that may not write or delete under a key: the bucket's list counts.</summary>
    public static void Write(S3Call call, string action, string key, IReadOnlyDictionary<string, string>? tags = null)
    {
        if (!MayWrite(call, action, key, tags))
        {
            throw Faults.AccessDenied();
        }
    }

    public static bool MayWrite(S3Call call, string action, string key, IReadOnlyDictionary<string, string>? tags = null) =>
        May(call, call.Bucket, new Request(action, key, tags), call.Bucket.ProjectId, call.Bucket.Acl, "WRITE");

    /// <summary>Whether the caller may lock what it writes: no list grants that.</summary>
    public static bool MayLock(S3Call call, string action) =>
        May(call, call.Bucket, new Request(action, call.Key, null), call.Bucket.ProjectId, call.Bucket.Acl, null);

    /// <summary>Refuses a caller that may write, but not give what it writes this as well.</summary>
    /// <param name="call">The request.</param>
    /// <param name="action">Such as <c>s3:PutObjectAcl</c>.</param>
    /// <param name="ownerId">Whose the object will be.</param>
    public static void Give(S3Call call, string action, string ownerId)
    {
        // Whom the bucket's list lets write it lets do this, too: lists know no less.
        if (!May(call, call.Bucket, new Request(action, call.Key, null), ownerId, call.Bucket.Acl, "WRITE"))
        {
            throw Faults.AccessDenied();
        }
    }

    /// <summary>Whether the caller may do this to an object that is there: its own list and owner count.</summary>
    public static bool MayObject(S3Call call, BucketRow bucket, string action, string key, ObjectGuard thing, string? permission) =>
        May(call, bucket, new Request(action, key, thing.Tags), thing.OwnerId, thing.Acl, permission);

    /// <summary>Refuses a caller that may not do this to things of its own account.</summary>
    public static void Account(S3Call call, string action, string resource)
    {
        if (!MayAccount(call, action, resource))
        {
            throw Faults.AccessDenied();
        }
    }

    public static bool MayAccount(S3Call call, string action, string resource) => call.Caller is { AccountId: { } account, Rights: var rights } caller
        && (caller.Writes || IsReading(action)) && rights?.Allows(new Policies.AccountRequest(call, action, resource, account)) != false;

    private static bool May(S3Call call, BucketRow bucket, Request request, string ownerId, Acl acl, string? permission)
    {
        var caller = call.Caller;
        var asked = new Policies.BucketRequest(call, bucket, request.Action, request.Key, request.Tags);
        var (verdict, open) = Verdict(bucket, asked);
        if (verdict == Policies.Verdict.Deny || caller.Rights?.Denies(asked) == true || (!caller.Writes && !IsReading(request.Action)))
        {
            return false;
        }

        var same = caller.AccountId == bucket.ProjectId;
        if (open && !same && PublicAccess.Of(bucket).RestrictPublicBuckets)
        {
            verdict = Policies.Verdict.None;
        }

        if (caller.Rights?.IdentityAllows(asked) == false)
        {
            // Its own account's bucket may still name it; a stranger's bucket needs both.
            return same && verdict == Policies.Verdict.Allow && caller.Rights.SessionAllows(asked);
        }

        return caller.Rights?.SessionAllows(asked) != false && (verdict != Policies.Verdict.None || AccountMay(caller, bucket, ownerId, acl, permission));
    }

    private static bool AccountMay(Caller caller, BucketRow bucket, string ownerId, Acl acl, string? permission)
    {
        var owner = bucket.AclsDisabled ? bucket.ProjectId : ownerId;
        return (caller.AccountId is { } account && account == owner)
            || (permission is not null && !bucket.AclsDisabled && acl.Allows(caller, permission, groups: !PublicAccess.Of(bucket).IgnorePublicAcls));
    }

    private static (Policies.Verdict Verdict, bool Open) Verdict(BucketRow bucket, Policies.BucketRequest request)
    {
        if (bucket[SettingKinds.Policy] is not { } text)
        {
            return (Policies.Verdict.None, false);
        }

        var policy = Policies.Policy.Cached(text);
        return (policy.Decide(request), policy.IsPublic);
    }

    private static bool IsReading(string action) => action.Split(':') is [_, var verb] && (verb.StartsWith("Get", StringComparison.Ordinal) || verb.StartsWith("List", StringComparison.Ordinal));

    private sealed record Request(string Action, string? Key, IReadOnlyDictionary<string, string>? Tags);
}

/// <summary>What guards an object: its owner, its list, its tags.</summary>
internal sealed record ObjectGuard(string OwnerId, Acl Acl, IReadOnlyDictionary<string, string> Tags);
