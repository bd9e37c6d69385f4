using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Coupons;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Purchases;
using Ciel.Services.Billing.Rating;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Rates an account's periods from the ledger and the price book as they are now.</summary>
internal sealed class DraftBook(BookShelf shelf)
{
    /// <summary>What a period comes to, before any money is made of it.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="account">Who pays.</param>
    /// <param name="period">When.</param>
    /// <param name="late">Corrections of earlier periods that are on no invoice yet: what they take from packages is used up.</param>
    public async Task<(PriceBook Book, Rater Rated)> Rate(Reader reader, Account account, Period period, params IReadOnlyList<Charge> late)
    {
        var (_, book) = await shelf.Current(reader);
        var contracts = (await AccountStore.Contracts(reader, account.Id)).Select(c => c.Agreement).ToList();
        var orders = new OrderCharges(account, book, await OrderStore.Of(reader, account.Id));
        var used = await OrderStore.Used(reader, account.Id, period.From);
        foreach (var taken in late.Where(c => c.Kind == ChargeKind.Package))
        {
            used[taken.Source!] = used.GetValueOrDefault(taken.Source!) + taken.Quantity;
        }

        var rater = new Rater(new Tariff(book, account.Money, contracts), period, orders.Covering(used));
        await LedgerFeed.Feed(reader, account, period, rater);
        return (book, rater);
    }

    /// <summary>The draft of a period.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="account">Who pays.</param>
    /// <param name="period">The open period, or its part until now.</param>
    /// <param name="corrected">
    /// Whether closed periods are rated again, for what came to light of them. What an account spends hour by hour is its own period's: that needs none of it.
    /// </param>
    public async Task<Draft> Make(Reader reader, Account account, Period period, bool corrected = true)
    {
        var (book, rated, charges) = await Charges(reader, account, period, corrected);
        var coupons = await CouponStore.Held(reader, account.Id, account.Currency, period);
        return Draft.Of(account, book, period, charges, rated.Unpriced, coupons);
    }

    /// <summary>A project's own part of the draft of a period: of each line what its resources and its orders have. Coupons are the account's.</summary>
    public async Task<Draft> MakeOf(Reader reader, Account account, Period period, string project)
    {
        var (book, _, charges) = await Charges(reader, account, period, corrected: true);
        return Draft.Of(account, book, period, [.. charges.Select(c => c.Of(project)).Where(c => c.Parts.Count > 0)], [], []);
    }

    /// <summary>What will be due at once, tax included, from an instant to the end of the open period: the fees of terms that begin then.</summary>
    public async Task<Fixed> Ahead(Reader reader, Account account, long now)
    {
        var (_, book) = await shelf.Current(reader);
        var rest = account.Open with { From = Math.Max(now, account.Open.From) };
        return rest.IsEmpty ? Fixed.Zero
            : Draft.Of(account, book, rest, [.. new OrderCharges(account, book, await OrderStore.Of(reader, account.Id)).In(rest).Where(c => c.IsOnce)], [], []).Total;
    }

    private async Task<(PriceBook Book, Rater Rated, IReadOnlyList<Charge> Charges)> Charges(Reader reader, Account account, Period period, bool corrected)
    {
        var corrections = corrected ? await Corrections(reader, account, period) : [];
        var (book, rated) = await Rate(reader, account, period, corrections);
        var fees = new OrderCharges(account, book, await OrderStore.Of(reader, account.Id)).In(period);
        return (book, rated, [.. fees, .. rated.Charges(), .. corrections]);
    }

    // What came to light of periods that were closed in the last three months goes on the open one.
    private async Task<IReadOnlyList<Charge>> Corrections(Reader reader, Account account, Period open)
    {
        var charges = new List<Charge>();
        foreach (var closed in await InvoiceStore.PeriodsSince(reader, account.Id, open.From - Correction.Window))
        {
            var (_, rated) = await Rate(reader, account, closed.When, charges);
            charges.AddRange(Correction.Of(closed, rated.Charges(), await InvoiceStore.Billed(reader, account.Id, closed.When)));
        }

        return charges;
    }
}
