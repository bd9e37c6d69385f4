using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Signing;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>Whom IAM's keys and roles stand for now. Rows are cached as they lie in the store; whether their account may act is asked anew each time.</summary>
internal sealed class IamKeys(RevisionCache cache, Envelope envelope, IAccessKeys accounts)
{
    /// <summary>The user behind a key; null where there is none, or where key or account are not active.</summary>
    public async Task<Signer?> Find(string access)
    {
        if (!access.StartsWith("AKIA", StringComparison.Ordinal) || access.Length > 128
            || await cache.Get(IamBook.Cached, access, reader => Load(reader, access)) is not { } found
            || await accounts.Account(found.User.ProjectId) is not { } account)
        {
            return null;
        }

        var (key, user, policies) = found;
        return new Signer(access, await envelope.Open(key.Secret, About(access)), new Caller(account.Id, account.Name, user.Id, Writes: true)
        {
            Arn = user.Arn,
            Names = [user.Arn],
            UserName = user.Name,
            Rights = new Rights(policies, []),
            Access = access,
        });
    }

    /// <summary>A role (or a provider, which has no policies); null where it or its account is gone.</summary>
    public async ValueTask<(IamRow Row, IReadOnlyList<Policy> Policies, ProjectInfo Account)?> ById(string id) =>
        await cache.Get(IamBook.Cached, ("id", id), async reader => await IamStore.ById(reader, id) is { } row ? new Loaded(row, await Policies(reader, row)) : null) is { } loaded
        && await accounts.Account(loaded.Row.ProjectId) is { } account
            ? (loaded.Row, loaded.Policies, account)
            : null;

    /// <summary>A role or provider by name; null where there is none.</summary>
    public ValueTask<IamRow?> Named(string account, string kind, string name) =>
        cache.Get(IamBook.Cached, (account, kind, name.ToLowerInvariant()), reader => IamStore.Find(reader, account, kind, name));

    public ValueTask<string> Seal(string access, string secret) => envelope.Seal(secret, About(access));

    private static string About(string access) => "iam key " + access;

    private static async Task<Held?> Load(Reader reader, string access) =>
        await IamStore.Key(reader, access) is { Active: true } key && await IamStore.ById(reader, key.UserId) is { } user ? new Held(key, user, await Policies(reader, user)) : null;

    private static async Task<IReadOnlyList<Policy>> Policies(Reader reader, IamRow row)
    {
        var texts = new List<string>(row.Content.Inline.Values);
        var managed = new List<string>(row.Content.Attached);
        foreach (var group in row.Content.Groups)
        {
            if (await IamStore.ById(reader, group) is { } found)
            {
                texts.AddRange(found.Content.Inline.Values);
                managed.AddRange(found.Content.Attached);
            }
        }

        foreach (var arn in managed)
        {
            texts.AddRange(await ManagedPolicies.Text(reader, row.ProjectId, arn) is { } text ? [text] : []);
        }

        return [.. texts.Select(text => Policy.Cached(text, PolicyKind.Identity))];
    }

    private sealed record Held(IamKeyRow Key, IamRow User, IReadOnlyList<Policy> Policies);

    private sealed record Loaded(IamRow Row, IReadOnlyList<Policy> Policies);
}
