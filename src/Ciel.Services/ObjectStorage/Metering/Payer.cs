using Ciel.Services.ObjectStorage.Buckets;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Metering;

/// <summary>Who pays for a request: the bucket's owner, or who asks where the owner wants it so ("Using Requester Pays buckets").</summary>
/// <param name="ProjectId">The account.</param>
/// <param name="ResourceId">The bucket; the project itself for what has none.</param>
internal sealed record Payer(string ProjectId, string ResourceId)
{
    public const string Requester = "Requester";
    private const string Header = "x-amz-request-payer";

    /// <summary>Refuses strangers who do not say that they will pay where they have to; tells those who do.</summary>
    public static void Require(S3Call call)
    {
        if (!IsStranger(call) || call.Bucket[SettingKinds.RequestPayment] != Requester)
        {
            return;
        }

        if (call.Caller.IsAnonymous || !Agrees(call))
        {
            throw Faults.AccessDenied("Who asks pays for this bucket: sign the request and send x-amz-request-payer: requester.");
        }

        call.Answer("x-amz-request-charged", "requester");
    }

    /// <summary>Who pays for the answer; null where nobody does ("Billing for Amazon S3 error responses").</summary>
    public static Payer? Of(S3Call call, int status, string? code)
    {
        // Of what strangers get wrong only that counts which they were let in to ask.
        if (status >= 500 || code is "NoSuchBucket" or "RequestTimeout" || (status is >= 400 and not (404 or 416) && IsStranger(call)))
        {
            return null;
        }

        var account = call.Caller.AccountId;
        if (!call.HasBucket)
        {
            return account is null || status >= 400 ? null : new Payer(account, account);
        }

        return new Payer(account is not null && IsStranger(call) && call.Bucket[SettingKinds.RequestPayment] == Requester ? account : call.Bucket.ProjectId, call.Bucket.Id);
    }

    private static bool IsStranger(S3Call call) => call.HasBucket && call.Caller.AccountId != call.Bucket.ProjectId;

    private static bool Agrees(S3Call call) => (call.Header(Header) ?? call.Query(Header)) == "requester";
}
