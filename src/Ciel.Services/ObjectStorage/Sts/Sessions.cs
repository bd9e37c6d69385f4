using System.Text.Json;
using Ciel.Core.Trust;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Iam;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Signing;

namespace Ciel.Services.ObjectStorage.Sts;

/// <summary>
/// Temporary keys. The token holds all that there is of one, sealed about its access key; no row is written. The key that it came from, its role, its
/// provider and their account are looked up at each use, so that a session ends when one of them does.
/// </summary>
internal sealed class Sessions(Envelope envelope, IamKeys iam, IamIds ids)
{
    private const int Longest = 16 * 1024;

    /// <summary>Makes one.</summary>
    public async Task<(string Access, string Token)> Make(SessionContent content)
    {
        var access = ids.Access(temporary: true);
        return (access, await envelope.Seal(JsonSerializer.Serialize(content), About(access)));
    }

    public string Secret() => ids.Secret();

    /// <summary>Whom a temporary key stands for.</summary>
    /// <param name="call">The request.</param>
    /// <param name="access">The key.</param>
    /// <param name="token">What came with it.</param>
    /// <param name="lasting">Finds the key that it came from.</param>
    public async Task<Signer> Signer(S3Call call, string access, string token, Func<string, Task<Signer?>> lasting)
    {
        if (token.Length > Longest || await envelope.TryOpen(token, About(access), call.Cancel) is not { } text)
        {
            throw Invalid();
        }

        var content = JsonSerializer.Deserialize<SessionContent>(text)!;
        if (content.ExpiresAt <= call.Now)
        {
            throw new S3Fault(400, "ExpiredToken", "The provided token has expired.");
        }

        var source = content.Source is null ? null : (await lasting(content.Source))?.Caller ?? throw Invalid();
        var policies = content.Policies.Select(p => Policy.Cached(p, PolicyKind.Identity)).ToList();
        return new Signer(access, content.Secret, content.Role is null ? Own(content, source!, policies) : await OfRole(content, policies));
    }

    private static Caller Own(SessionContent content, Caller source, List<Policy> policies) => source with
    {
        Temporary = true,
        Rights = policies.Count == 0 ? source.Rights : new Rights(source.Rights?.Identity, [.. source.Rights?.Sessions ?? [], .. policies]),
        Arn = content.Federated ? $"arn:aws:sts::{source.AccountId}:federated-user/{content.Name}" : source.Arn,
        UserId = content.Federated ? $"{source.AccountId}:{content.Name}" : source.UserId,
        Session = content.Name,
    };

    private async Task<Caller> OfRole(SessionContent content, List<Policy> policies)
    {
        if (await iam.ById(content.Role!) is not var (role, own, account) || (content.Provider is { } provider && await iam.ById(provider) is null))
        {
            throw Invalid();
        }

        var arn = $"arn:aws:sts::{role.ProjectId}:assumed-role/{role.Name}/{content.Name}";
        return new Caller(account.Id, account.Name, $"{role.Id}:{content.Name}", Writes: true)
        {
            Arn = arn,
            Names = [arn, role.Arn],
            Rights = new Rights(own, policies),
            Access = content.Source,
            Temporary = true,
            Session = content.Name,
            Delegated = content.Lent,
        };
    }

    private static string About(string access) => "session " + access;

    private static S3Fault Invalid() => new(400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
}
