using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>SigV2, which S3 accepts no more: the key must still exist for the true reason to be told.</summary>
internal static class LegacySignature
{
    public static async Task ByHeader(S3Call call, string header, Func<S3Call, string, Task<AccessKey>> find)
    {
        var colon = header.IndexOf(':', StringComparison.Ordinal);
        if (!header.StartsWith("AWS ", StringComparison.Ordinal) || colon < 0)
        {
            throw Faults.AccessDenied("The authorization header is of no known kind.");
        }

        _ = await find(call, header[4..colon]);
        throw Refused();
    }

    public static async Task ByQuery(S3Call call, Func<S3Call, string, Task<AccessKey>> find)
    {
        _ = await find(call, call.Query("AWSAccessKeyId") ?? "");
        throw Refused();
    }

    private static S3Fault Refused() => new(403, "AccessDenied", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
}
