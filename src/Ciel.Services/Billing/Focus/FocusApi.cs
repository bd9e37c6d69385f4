using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Invoices;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Focus;

/// <summary>The route of FOCUS data: issued invoices and credit notes, resource by resource, streamed.</summary>
internal sealed class FocusApi(Db db, BookShelf shelf, IIdentity identity)
{
    public void Map(Routes routes) => routes.Get("/v1/focus", Export);

    private async Task Export(Call call)
    {
        var version = call.Query("version") ?? FocusColumn.Versions[^1];
        var format = call.Query("format") ?? "csv";
        if (!FocusColumn.Versions.Contains(version) || format is not ("csv" or "parquet"))
        {
            throw Fault.BadRequest($"FOCUS data comes as ?format=csv or parquet and ?version={string.Join(", ", FocusColumn.Versions)}.");
        }

        var (from, to, account) = (Time(call, "from") ?? 0, Time(call, "to") ?? long.MaxValue, call.Query("account"));
        var (invoices, book) = await db.Read(
            async r =>
            {
                if (account is not null)
                {
                    await call.Visible(r, account);
                }
                else if (!call.Actor.IsAdmin)
                {
                    throw Fault.BadRequest("Say whose: /billing/v1/focus?account=ID.");
                }

                return (await FocusStore.Issued(r, account, from, to), (await shelf.Current(r)).Book);
            },
            call.Cancel);
        var response = call.Http.Response;
        response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
        response.Headers.ContentDisposition = $"attachment; filename=\"focus-{version}.{format}\"";
        var columns = FocusColumn.In(version);
        await using IFocusWriter writer = format == "csv" ? new FocusCsv(response.Body, columns) : new FocusParquet(response.Body, columns);
        await Write(writer, invoices, book, call.Cancel);
    }

    // One invoice in memory at a time.
    private async Task Write(IFocusWriter writer, IReadOnlyList<Invoice> invoices, PriceBook book, CancellationToken cancel)
    {
        var names = new Dictionary<string, string>();
        await writer.Begin(cancel);
        foreach (var invoice in invoices)
        {
            var rows = await db.Read(
                async r =>
                {
                    var (lines, shares) = (await InvoiceStore.Lines(r, invoice.Id), await InvoiceStore.Shares(r, invoice.Id));
                    foreach (var project in shares.Select(s => s.ProjectId).Distinct().Where(p => !names.ContainsKey(p)))
                    {
                        names[project] = (await identity.Project(r, project))?.Name ?? project; // A project that is gone keeps its id.
                    }

                    var account = (await AccountStore.Find(r, invoice.AccountId))!;
                    return new FocusMaker(invoice, account, book, await AccountStore.PaidBy(r, account.Id), p => names[p]).Rows(lines, shares).ToList();
                },
                cancel);
            if (rows.Count > 0)
            {
                await writer.Write(rows, cancel);
            }
        }

        await writer.End(cancel);
    }

    private static long? Time(Call call, string name) => call.Query(name) is not { } text ? null
        : Door.Instant.Parse(text) ?? throw Fault.BadRequest($"{name}={text}: write a day or an instant such as 2026-01-31T00:00:00Z.");
}
