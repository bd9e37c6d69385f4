using Ciel.Core;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Control;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Invoices;

/// <summary>
/// What is to be done for a payer at an instant: to issue the invoice of a period that is over, or else to settle what the open one has come to. The
/// instant is the store's for a real account, and its own clock's for a sandbox.
/// </summary>
internal sealed class AccountWork(Ids ids, DraftBook drafts, InvoiceBook book, AccountControl control)
{
    /// <summary>How long after a period's end its invoice is written, µs: what comes late is mostly there then.</summary>
    public const long Patience = Hour;

    /// <summary>Finds what is to be done.</summary>
    /// <returns>Whether it closes a period, after which there may be more to do at the same instant; and what writes it.</returns>
    public async Task<(bool Issues, Func<Tx, Task> Write)> At(Db db, Account account, long now, CancellationToken cancel)
    {
        if (now < account.Open.To + Patience)
        {
            var soFar = await db.Read(r => drafts.Make(r, account, account.Open.Meet(new(0, now)), corrected: false), cancel);
            return (false, tx => control.Settle(tx, soFar, now));
        }

        var draft = await db.Read(r => drafts.Make(r, account, account.Open), cancel);
        var invoice = ids.Uuid();
        return (true, tx => book.Issue(tx, draft, invoice));
    }
}
