using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>
/// A suspended project's data is kept: its own users may read and remove it and write nothing, everybody else is shut out. The codes are those
/// that S3 lists for an account in trouble ("Error responses", AccountProblem and AllAccessDisabled).
/// </summary>
internal static class Suspension
{
    /// <summary>Refuses what S3's clients and a website's visitors may not do.</summary>
    public static async Task Refuse(S3Call call, IAccessKeys keys)
    {
        var owner = call.HasBucket ? call.Bucket.ProjectId : call.Caller.AccountId;
        var takes = call.Operation is { Method: "GET" or "HEAD" or "DELETE" } or { Name: "DeleteObjects" };
        if (owner is not null)
        {
            await Refuse(owner, call.Caller.AccountId == owner, takes, keys);
        }
    }

    /// <summary>Refuses what may not be done with a suspended project's data.</summary>
    /// <param name="owner">The project.</param>
    /// <param name="isOwn">Whether it is one of its own users who asks.</param>
    /// <param name="takes">Whether they only fetch or remove.</param>
    /// <param name="keys">Knows the projects.</param>
    public static async Task Refuse(string owner, bool isOwn, bool takes, IAccessKeys keys)
    {
        if ((isOwn && takes) || await keys.Account(owner) is not { Suspended: { } reason })
        {
            return;
        }

        throw isOwn
            ? new S3Fault(403, "AccountProblem", $"The project is suspended: {reason}")
            : new S3Fault(403, "AllAccessDisabled", "All access to this resource has been disabled by the cloud's operator.");
    }
}
