using Ciel.Core.Store;
using Ciel.Core.Trust;
using Ciel.Services.Identity.Projects;
using Ciel.Services.Identity.Tokens;
using Ciel.Services.Identity.Users;

namespace Ciel.Services.Identity.Credentials;

/// <summary>Finds access keys for the doors that sign requests. Keys are cached as they lie in the store, sealed; who may act is asked anew each time.</summary>
internal sealed class AccessKeys(RevisionCache cache, CredentialBook book, Standings standings) : IAccessKeys
{
    private const int Longest = 128;

    public async ValueTask<AccessKey?> Find(string access, CancellationToken cancel)
    {
        if (access.Length is 0 or > Longest || access.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var row = await cache.Get(Scopes.Keys, access, reader => CredentialBook.ByAccess(reader, access));
        cancel.ThrowIfCancellationRequested();
        if (row is null)
        {
            return null;
        }

        var key = Ec2Blob.Parse((await book.Open(row)).Blob);
        var standing = await standings.Of(new StandingKey(row.UserId, ScopeKind.Project, row.ProjectId, null, key.TrustId));
        return standing is null ? null : new AccessKey(access, key.Secret, standing.Actor, key.TrustId is not null);
    }

    public ValueTask<ProjectInfo?> Account(string projectId) => cache.Get(Scopes.Standing, ("account", projectId), async reader =>
        await ProjectStore.Find(reader, projectId) is { Enabled: true } row && (row.IsDomain || await ProjectStore.Domain(reader, row.DomainId) is { Enabled: true })
            ? new ProjectInfo(row.Id, row.Name, row.HomeDomainId, row.Enabled, row.Suspended)
            : null);

    public async Task<ProjectInfo?> ProjectByEmail(Reader reader, string address) =>
        await ProjectStore.Find(reader, await UserStore.ProjectByEmail(reader, address)) is { } row ? new ProjectInfo(row.Id, row.Name, row.HomeDomainId, row.Enabled) : null;
}
