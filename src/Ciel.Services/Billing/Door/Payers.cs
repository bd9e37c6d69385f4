using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Door;

/// <summary>Who may see an account: the operator, and a manager of a project that it pays for. For all others it does not exist.</summary>
internal static class Payers
{
    public static async Task<Account> Visible(this Call call, Reader reader, string id)
    {
        var account = await AccountStore.Find(reader, id);
        return account is not null && (call.Actor.IsAdmin || await Manages(call.Actor, reader, id))
            ? account
            : throw Fault.NotFound($"There is no account {id}. `GET /billing/v1/accounts` lists those that you may see.");
    }

    /// <summary>A visible account that pays itself, and so costs something.</summary>
    /// <exception cref="Fault">404 where it is not visible, 409 where another pays for it.</exception>
    public static async Task<Account> Paying(this Call call, Reader reader, string id) =>
        await call.Visible(reader, id) is { ParentId: null } account ? account : throw Fault.Conflict($"The account {id} is paid for by another; look at its root.");

    /// <summary>
    /// An account for which the call may decide something: an operator; a manager, what concerns that project alone, or all where the account pays for
    /// no other project. Else one project of a company could stop the others.
    /// </summary>
    /// <param name="call">Who asks.</param>
    /// <param name="reader">The caller's snapshot.</param>
    /// <param name="id">The account.</param>
    /// <param name="project">The project that it concerns; null where it concerns all.</param>
    /// <exception cref="Fault">404 where the call may not even see it, else 403.</exception>
    public static async Task<Account> Decided(this Call call, Reader reader, string id, string? project)
    {
        var account = await call.Visible(reader, id);
        return call.Actor.IsAdmin || project == call.Actor.ProjectId || !await AccountStore.HasOthers(reader, id, call.Actor.ProjectId!)
            ? account
            : throw Fault.Forbidden($"The account {id} pays for other projects too: a manager of one decides for that project alone. Name it, or ask the operator.");
    }

    /// <summary>An invoice of an account that the call may see.</summary>
    public static async Task<Invoice> VisibleInvoice(this Call call, Reader reader, string number) =>
        await InvoiceStore.ByNumber(reader, number) is { } found && (call.Actor.IsAdmin || await Manages(call.Actor, reader, found.AccountId))
            ? found
            : throw Fault.NotFound($"There is no invoice {number}.");

    /// <summary>Whether the actor manages a project that is in the account now, or that it pays for.</summary>
    public static async Task<bool> Manages(Actor actor, Reader reader, string account) => (await Managed(actor, reader)).Contains(account);

    /// <summary>The account that a manager's project is in now, and the one that pays for it.</summary>
    public static async Task<IReadOnlyList<string>> Managed(Actor actor, Reader reader)
    {
        var stay = actor.ProjectId is { } project && actor.Has(Roles.Manager) ? (await AccountStore.StaysOf(reader, project)).Find(s => s.ToAt is null) : null;
        return stay is null ? [] : [.. new[] { stay.AccountId, stay.PayerId }.Distinct().Order(StringComparer.Ordinal)];
    }
}
