using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.Notices;
using Ciel.Services.Billing.Rating;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Issues invoices. One transaction closes the period, takes the number and writes all rows: a crash leaves all of it or nothing.</summary>
internal sealed class InvoiceBook(Ids ids, NoticeBook notices)
{
    /// <summary>Closes a draft's period in the caller's transaction.</summary>
    /// <returns>The invoice; null where there was nothing to invoice, or where somebody else has just closed the period.</returns>
    public async Task<Invoice?> Issue(Tx tx, Draft draft, string id)
    {
        var account = draft.Account;
        if (!await AccountStore.Close(tx, account.Id, draft.Period.From, draft.Period.To))
        {
            return null;
        }

        // What packages have covered is on an invoice even where that is all: the next one looks there what is left of them.
        if (draft.Lines.All(l => l.Amount == Fixed.Zero && l.Charge.Kind != ChargeKind.Package))
        {
            await InvoiceStore.Close(tx, account.Id, draft.Period, null);
            return null;
        }

        var invoice = await Make(tx, draft, id);
        await InvoiceStore.Insert(tx, invoice, draft.Lines);
        await InvoiceStore.Close(tx, account.Id, draft.Period, invoice.Id);
        await Owe(tx, invoice, -draft.Total);
        await notices.Write(
            tx, account, "invoice", $"Invoice {invoice.Number} of {account.Money.Text(draft.Total)} {account.Currency} is issued, due on {account.Place.Day(invoice.DueAt):yyyy-MM-dd}.");
        return invoice;
    }

    /// <summary>Issues a credit note on an invoice.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="number">The invoice's number.</param>
    /// <param name="net">What is taken back, without tax; null for all that is left.</param>
    /// <param name="id">The note's id.</param>
    public async Task<Invoice> Credit(Tx tx, string number, Fixed? net, string id)
    {
        await tx.Dialect.HoldName(tx, "billing_credit " + number);
        var invoice = await InvoiceStore.ByNumber(tx, number) ?? throw Fault.NotFound($"There is no invoice {number}.");
        var account = await AccountStore.Hold(tx, invoice.AccountId) ?? throw Account.Missing(invoice.AccountId);
        var credited = new List<InvoiceLine>();
        foreach (var earlier in await InvoiceStore.Notes(tx, number))
        {
            credited.AddRange(await InvoiceStore.Lines(tx, earlier.Id));
        }

        var lines = CreditNote.Lines(invoice, await InvoiceStore.Lines(tx, invoice.Id), credited, net);
        var total = lines.Sum(l => l.Amount);
        var tax = lines.Where(l => l.Charge.Kind == ChargeKind.Tax).Sum(l => l.Amount);
        var note = invoice with
        {
            Id = id,
            Number = await AccountStore.NextNumber(tx, account),
            Kind = "credit-note",
            Corrects = number,
            Net = (total - tax).ToString(),
            Tax = tax.ToString(),
            Total = total.ToString(),
            Prepaid = "0",
            IssuedAt = account.Time(tx.Now),
            DueAt = account.Time(tx.Now),
        };
        await InvoiceStore.Insert(tx, note, lines);
        await Owe(tx.At(account), note, -total);
        return note;
    }

    private Task Owe(Tx tx, Invoice invoice, Fixed amount) => EntryStore.Add(tx, new()
    {
        Id = ids.Uuid(),
        AccountId = invoice.AccountId,
        Kind = invoice.Kind,
        Currency = invoice.Currency,
        Amount = amount.ToString(),
        InvoiceId = invoice.Id,
        At = tx.Now,
    });

    // Nobody shall take a sandbox's papers for real ones.
    private static Entity Issuer(Account account, Entity entity) => account.IsSandbox ? entity with { Name = "SANDBOX, no invoice to pay: " + entity.Name } : entity;

    private static async Task<Invoice> Make(Tx tx, Draft draft, string id)
    {
        var account = draft.Account;
        return new()
        {
            Id = id,
            Number = await AccountStore.NextNumber(tx, account),
            EntityId = account.EntityId,
            AccountId = account.Id,
            Kind = "invoice",
            PeriodFrom = draft.Period.From,
            PeriodTo = draft.Period.To,
            Currency = account.Currency,
            Net = draft.Net.ToString(),
            Tax = draft.Tax.ToString(),
            Total = draft.Total.ToString(),
            Prepaid = Fixed.Max(Fixed.Zero, Fixed.Min(draft.Total, await EntryStore.Balance(tx, account.Id))).ToString(),
            IssuedAt = tx.Now,
            DueAt = tx.Now + (account.TermsDays * Day),
            Parties = Parties.Json(Issuer(account, (await EntityStore.Find(tx, account.EntityId))!), account, Parties.CostCentre(account, await AccountStore.PaidBy(tx, account.Id), draft.Period)),
        };
    }
}
