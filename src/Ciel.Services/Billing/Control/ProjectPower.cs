using Ciel.Core;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Control;

/// <summary>What billing does to the projects that an account pays for: by identity for real ones, to its own for a sandbox, which can so never stop a real one.</summary>
internal sealed class ProjectPower(IIdentity identity, Ids ids)
{
    /// <summary>The real projects that stand still.</summary>
    public async Task<IEnumerable<string>> Suspended(Reader reader) => (await identity.Projects(reader)).Where(p => p.Suspended is not null).Select(p => p.Id);

    /// <summary>Services stop, data is kept.</summary>
    public Task Suspend(Tx tx, Account account, string project, string reason) =>
        account.IsSandbox ? SandboxProjects.Suspend(tx, account.Id, project, reason) : identity.SuspendProject(tx, project, reason);

    /// <summary>What stood still is deleted for good.</summary>
    public Task Release(Tx tx, Account account, string project, string reason) =>
        account.IsSandbox ? SandboxProjects.Release(tx, account.Id, project, reason) : identity.ReleaseProject(tx, project);

    /// <summary>What was stopped starts again.</summary>
    public Task Resume(Tx tx, Account account, string project) =>
        account.IsSandbox ? SandboxProjects.Resume(tx, ids, account.Id, project) : identity.ResumeProject(tx, project);
}
