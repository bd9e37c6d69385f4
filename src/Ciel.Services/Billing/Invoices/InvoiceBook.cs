using Ciel.Core;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Issues invoices. One transaction closes the period, takes the number and writes all rows: a crash leaves all of it or nothing.</summary>
internal sealed class InvoiceBook(Ids ids)
{
    private const long Day = 86_400_000_000;

    /// <summary>Closes a draft's period in the caller's transaction.</summary>
    /// <returns>The invoice; null where there was nothing to invoice, or where somebody else has just closed the period.</returns>
    public async Task<Invoice?> Issue(Tx tx, Draft draft, string id)
    {
        var account = draft.Account;
        if (!await AccountStore.Close(tx, account.Id, draft.Period.From, draft.Period.To))
        {
            return null;
        }

        if (draft.Lines.All(l => l.Amount == Fixed.Zero))
        {
            await InvoiceStore.Close(tx, account.Id, draft.Period, null);
            return null;
        }

        var invoice = await Make(tx, draft, id);
        await InvoiceStore.Insert(tx, invoice, draft);
        await InvoiceStore.Close(tx, account.Id, draft.Period, invoice.Id);
        await EntryStore.Add(tx, new()
        {
            Id = ids.Uuid(),
            AccountId = account.Id,
            Kind = "invoice",
            Currency = invoice.Currency,
            Amount = (-draft.Total).ToString(),
            InvoiceId = invoice.Id,
            At = tx.Now,
        });
        return invoice;
    }

    private static async Task<Invoice> Make(Tx tx, Draft draft, string id)
    {
        var account = draft.Account;
        return new()
        {
            Id = id,
            Number = await AccountStore.NextNumber(tx, account.EntityId),
            EntityId = account.EntityId,
            AccountId = account.Id,
            Kind = "invoice",
            PeriodFrom = draft.Period.From,
            PeriodTo = draft.Period.To,
            Currency = account.Currency,
            Net = draft.Net.ToString(),
            Tax = draft.Tax.ToString(),
            Total = draft.Total.ToString(),
            IssuedAt = tx.Now,
            DueAt = tx.Now + (account.TermsDays * Day),
            Parties = Parties.Json((await AccountStore.Entity(tx, account.EntityId))!, account),
        };
    }
}
