using Ciel.Core.Errors;
using Ciel.Core.Store;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Accounts;

/// <summary>Who pays for a project.</summary>
internal static class Payer
{
    /// <summary>Refuses a project that an account does not pay for: what is set or ordered for it would silently hold nothing.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="identity">Knows the projects.</param>
    /// <param name="account">Who shall pay.</param>
    /// <param name="project">The project's id; null for the whole account.</param>
    /// <exception cref="Fault">400 where there is no such project, or another account pays for it: which of the two, is nobody else's business.</exception>
    public static async Task Require(Reader reader, IIdentity identity, Account account, string? project)
    {
        if (project is not null && !(account.IsSandbox ? SandboxUsage.IsOf(account.Id, project) : await Pays(reader, identity, account, project)))
        {
            throw Fault.BadRequest($"The account {account.Id} pays for no project {project}. Name one of its own by its id, or let it pay for that one first.");
        }
    }

    private static async Task<bool> Pays(Reader reader, IIdentity identity, Account account, string project) =>
        ((await AccountStore.StaysOf(reader, project)).Find(s => s.ToAt is null)?.PayerId ?? Account.Default) == account.Id && await identity.Project(reader, project) is not null;
}
