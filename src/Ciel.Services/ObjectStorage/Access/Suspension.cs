using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>
/// A suspended project's data is kept: its own users may read and remove it and write nothing, everybody else is shut out. The codes are those
/// that S3 lists for an account in trouble ("Error responses", AccountProblem and AllAccessDisabled).
/// </summary>
internal static class Suspension
{
    public static async Task Refuse(S3Call call, IAccessKeys keys)
    {
        var owner = call.HasBucket ? call.Bucket.ProjectId : call.Caller.AccountId;
        if (owner is null || await keys.Account(owner) is not { Suspended: { } reason })
        {
            return;
        }

        if (call.Caller.AccountId != owner)
        {
            throw new S3Fault(403, "AllAccessDisabled", "All access to this resource has been disabled by the cloud's operator.");
        }

        if (call.Operation is not { Method: "GET" or "HEAD" or "DELETE" } and not { Name: "DeleteObjects" })
        {
            throw new S3Fault(403, "AccountProblem", $"The project is suspended: {reason}");
        }
    }
}
