using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Iam;
using Ciel.Services.ObjectStorage.Sts;

namespace Ciel.Services.ObjectStorage.Signing;

/// <summary>Finds who a key stands for: a Keystone user (its EC2 credential), an IAM user, or a session.</summary>
internal sealed class Signers(IAccessKeys keystone, IamKeys iam, Sessions sessions)
{
    /// <summary>The key.</summary>
    /// <exception cref="S3Fault">403 for one that is unknown or whose bearer may not act now, alike; 400 for a token that is none, or has expired.</exception>
    public async Task<Signer> Find(S3Call call, string access, string? token)
    {
        if (token is not null)
        {
            return await sessions.Signer(call, access, token, source => Lasting(source, call.Cancel));
        }

        return await Lasting(access, call.Cancel)
            ?? throw new S3Fault(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.") { Extra = [("AWSAccessKeyId", access)] };
    }

    // IAM first: its keys are ours to name, Keystone's are named by whoever makes them.
    private async Task<Signer?> Lasting(string access, CancellationToken cancel) => await iam.Find(access)
        ?? (await keystone.Find(access, cancel) is { } key ? new Signer(access, key.Secret, Caller.Of(key)) : null);
}
