using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Control;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Accounts;

/// <summary>An account with what belongs to it, as it is shown.</summary>
/// <param name="Account">The account.</param>
/// <param name="Balance">What it has; below zero what it owes.</param>
/// <param name="Drawn">What the open period had come to at its last settlement.</param>
/// <param name="Stays">The projects that it pays for, and has paid for.</param>
/// <param name="Contracts">Its contracts, in order of time.</param>
internal sealed record AccountView(Account Account, Fixed Balance, Fixed Drawn, IReadOnlyList<Membership> Stays, IReadOnlyList<ContractTerm> Contracts)
{
    /// <summary>Reads it.</summary>
    public static async Task<AccountView> Read(Reader reader, Account account) => new(
        account, await EntryStore.Balance(reader, account.Id), await ControlStore.Drawn(reader, account), await AccountStore.PaidBy(reader, account.Id), await AccountStore.Contracts(reader, account.Id));
}
