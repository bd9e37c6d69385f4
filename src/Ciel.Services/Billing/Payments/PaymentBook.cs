using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Events;
using Ciel.Core.Keepers;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Notices;

namespace Ciel.Services.Billing.Payments;

/// <summary>Writes money that came in or went back, once for each reference.</summary>
internal sealed class PaymentBook(Db db, Ids ids, KeeperBook keepers, NoticeBook notices)
{
    /// <summary>Writes it, unless it is there: a bank's file may be read again, a provider may tell twice.</summary>
    /// <param name="actor">Who says so.</param>
    /// <param name="accountId">Whose.</param>
    /// <param name="kind"><c>payment, refund, write-off</c>.</param>
    /// <param name="amount">Above 0.</param>
    /// <param name="currency">The currency that a provider was paid in; null for the account's, where an operator notes it.</param>
    /// <param name="reference">The bank's, the payer's or the provider's; null for none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="Fault">404 without such an account, 400 where it is no money of its, 409 where the reference is another payment's.</exception>
    public Task<(Account Account, Entry Entry, Fixed Balance)> Note(Actor actor, string accountId, string kind, Fixed amount, string? currency, string? reference, CancellationToken cancel)
    {
        var (id, audit) = (ids.Uuid(), ids.Uuid());
        return db.Write(
            async tx =>
            {
                await tx.Dialect.HoldName(tx, "billing_entry " + accountId);
                var account = await AccountStore.Find(tx, accountId) ?? throw Account.Missing(accountId);
                if (amount <= Fixed.Zero || account.Money.Round(amount) != amount || account.ParentId is not null || (currency ?? account.Currency) != account.Currency)
                {
                    throw Fault.BadRequest($"A payment is to an account that pays itself, an amount above 0 of {account.Currency} with at most {account.Money.Decimals} decimals.");
                }

                if (currency is not null && await Elsewhere(tx, account.Id, reference!))
                {
                    throw Fault.Conflict($"The payment {reference} is another account's already. Take it back there first, and note it here with a reference of its own.");
                }

                var signed = kind == "refund" ? -amount : amount;
                var known = (await EntryStore.Of(tx, account.Id)).Find(e => reference is not null && e.Reference == reference);
                if (known is not null && (known.Kind != kind || Fixed.Parse(known.Amount) != signed))
                {
                    throw Fault.Conflict($"The reference {reference} is taken by a {known.Kind} of {known.Amount}. Give this one a reference of its own.");
                }

                var entry = known ?? new Entry
                {
                    Id = id,
                    AccountId = account.Id,
                    Kind = kind,
                    Currency = account.Currency,
                    Amount = signed.ToString(),
                    Reference = reference,
                    At = account.Time(tx.Now),
                };
                if (known is null)
                {
                    await Add(tx, account, entry);
                    await AuditLog.Note(tx, audit, actor, kind, "billing-account", account.Id, $"{amount} {account.Currency} {reference}");
                }

                return (account, entry, await EntryStore.Balance(tx, account.Id));
            },
            cancel);
    }

    // What a provider tells is one payment, whichever account it names the second time.
    private static async Task<bool> Elsewhere(Tx tx, string account, string reference)
    {
        await tx.Dialect.HoldName(tx, "billing_reference " + reference);
        return await EntryStore.HasOther(tx, account, reference);
    }

    private async Task Add(Tx tx, Account account, Entry entry)
    {
        await EntryStore.Add(tx, entry);

        // Before the notice, which wakes another keeper: a settlement goes in the same order, so that neither waits for the other.
        await keepers.Wake(tx, BillingKeeper.IdOf(account.Id));
        if (entry.Kind != "write-off")
        {
            var words = $"{account.Money.Text(Fixed.Parse(entry.Amount.TrimStart('-')))} {account.Currency}{(entry.Reference is { } reference ? $" ({reference})" : "")}";
            await notices.Write(tx.At(account), account, entry.Kind, entry.Kind == "payment" ? $"A payment of {words} has come in." : $"A refund of {words} has gone out.");
        }
    }
}
