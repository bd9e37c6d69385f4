using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Locking;

/// <summary>Whether a request asks, and may, to pass over governance.</summary>
internal static class LockBypass
{
    public static bool Of(S3Call call, string key) =>
        call.Header("x-amz-bypass-governance-retention")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true
        && Authorizer.MayWrite(call, "s3:BypassGovernanceRetention", key) && call.Caller.AccountId == call.Bucket.ProjectId;
}
