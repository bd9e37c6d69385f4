using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;

namespace Ciel.Services.Billing.Reports;

/// <summary>The route of cost reports: months by project, cost centre, tag, meter, product or resource, before tax.</summary>
internal sealed class CostApi(Db db, DraftBook drafts, BookShelf shelf)
{
    public void Map(Routes routes) => routes.Get("/v1/accounts/{id}/costs/{by}", Report);

    private async Task Report(Call call)
    {
        var (by, now) = (call.Route("by"), await db.Now(call.Cancel));
        if (!CostKey.Is(by))
        {
            throw Fault.BadRequest($"Costs are told by project, cost-centre, meter, product, resource or tag:KEY, not by {by}.");
        }

        var (account, period, costs) = await db.Read(
            async r =>
            {
                var account = await call.Paying(r, call.Route("id"));
                var period = Months(call, account);
                var key = await Key(r, account);
                var rows = (await Issued(r, account, period)).Concat(period.Contains(account.Open.From)
                    ? CostRow.Of(await drafts.Make(r, account, account.Open.Meet(new(0, account.Time(now))))) : []);
                return (account, period, rows.GroupBy(row => key.Of(by, row)).OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => (g.Key, Amount: g.Sum(row => row.Amount))).ToList());
            },
            call.Cancel);
        await call.One("costs", json =>
        {
            json.WriteStartObject();
            json.WriteString("account", account.Id);
            json.WriteString("by", by);
            json.WriteString("from", Instant.Text(period.From));
            json.WriteString("to", Instant.Text(period.To));
            json.WriteString("currency", account.Currency);
            json.WriteExact("net", costs.Sum(c => c.Amount));
            json.WriteStartArray("costs");
            foreach (var (name, amount) in costs)
            {
                json.WriteStartObject();
                json.WriteString("key", name);
                json.WriteExact("amount", amount);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    // From the first of one month to the end of another, where the customer lives; left out, the open one.
    private static Period Months(Call call, Account account)
    {
        var open = account.Place.Day(account.Open.From);
        var from = Month(call, "from") ?? Month(call, "to") ?? new DateOnly(open.Year, open.Month, 1);
        var to = Month(call, "to") ?? from;
        var period = new Period(Period.Month(from, account.Place).From, Period.Month(to, account.Place).To);
        return period.IsEmpty ? throw Fault.BadRequest("A report goes from a month to the same or a later one.") : period;
    }

    private static DateOnly? Month(Call call, string name) => call.Query(name) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && month.Year is > 1970 and < 9000 ? month
        : throw Fault.BadRequest($"{name}={text}: write a month such as 2026-10.");

    private static async Task<List<CostRow>> Issued(Reader reader, Account account, Period period)
    {
        var rows = new List<CostRow>();
        foreach (var invoice in (await InvoiceStore.List(reader, account.Id, int.MaxValue)).Where(i => period.Contains(i.PeriodFrom)))
        {
            var shares = (await InvoiceStore.Shares(reader, invoice.Id)).ToLookup(s => s.Line, s => (s.ProjectId, s.ResourceId, Fixed.Parse(s.Rated)));
            rows.AddRange((await InvoiceStore.Lines(reader, invoice.Id)).SelectMany(line => CostRow.Of(line, [.. shares[line.Line]])));
        }

        return rows;
    }

    private async Task<CostKey> Key(Reader reader, Account account) => new(
        (await shelf.Current(reader)).Book, await AccountStore.PaidBy(reader, account.Id), Parties.CostCentre(account) ?? "",
        (await TagStore.Of(reader, account.Id)).ToDictionary(t => (t.Thing, t.Tag), t => t.Value));
}
