using System.Runtime.CompilerServices;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Purchases;
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Focus;

/// <summary>The rows of FOCUS' datasets, read one invoice or one account at a time.</summary>
internal sealed class FocusSource(Db db, IIdentity identity, PriceBook book, string? account, IReadOnlyList<Account> accounts, long from, long to, string version, long now)
{
    /// <summary>Cost and Usage.</summary>
    public async IAsyncEnumerable<IReadOnlyList<FocusRow>> Costs([EnumeratorCancellation] CancellationToken cancel)
    {
        var names = new Dictionary<string, string>();
        foreach (var invoice in await Invoices(cancel))
        {
            yield return await db.Read(
                async r =>
                {
                    var (lines, shares) = (await InvoiceStore.Lines(r, invoice.Id), await InvoiceStore.Shares(r, invoice.Id));
                    foreach (var project in shares.Select(s => s.ProjectId).Distinct().Where(p => !names.ContainsKey(p)))
                    {
                        names[project] = (await identity.Project(r, project))?.Name ?? project; // A project that is gone keeps its id.
                    }

                    var payer = (await AccountStore.Find(r, invoice.AccountId))!;
                    return new FocusMaker(version, invoice, payer, book, await OrderStore.Of(r, payer.Id), await AccountStore.PaidBy(r, payer.Id), p => names[p]).Rows(lines, shares).ToList();
                },
                cancel);
        }
    }

    /// <summary>Invoice Detail.</summary>
    public async IAsyncEnumerable<IReadOnlyList<InvoiceDetail>> Details([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var invoice in await Invoices(cancel))
        {
            yield return [.. InvoiceDetail.Of(invoice, await db.Read(r => InvoiceStore.Lines(r, invoice.Id), cancel), book)];
        }
    }

    /// <summary>Billing Period.</summary>
    public async IAsyncEnumerable<IReadOnlyList<BillingPeriodRow>> Periods([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return await db.Read(r => FocusStore.Periods(r, accounts, from, to), cancel);
    }

    /// <summary>Contract Commitment.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ContractCommitment>> Commitments([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var payer in accounts)
        {
            yield return await db.Read(
                async r => ContractCommitment.Of(
                    payer, (await EntityStore.Find(r, payer.EntityId))!.Name, book, await OrderStore.Of(r, payer.Id), await OrderStore.Used(r, payer.Id, long.MaxValue), payer.ClockAt ?? now)
                    .Where(c => c.When.To > from && c.When.From < to).ToList(),
                cancel);
        }
    }

    private Task<List<Invoice>> Invoices(CancellationToken cancel) => db.Read(r => FocusStore.Issued(r, account, from, to), cancel);
}
