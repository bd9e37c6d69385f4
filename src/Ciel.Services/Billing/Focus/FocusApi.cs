using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Focus;

/// <summary>The route of FOCUS data: a dataset of issued invoices and credit notes, streamed; all columns or those that are named.</summary>
internal sealed class FocusApi(Db db, BookShelf shelf, IIdentity identity, TimeProvider time)
{
    /// <summary>The versions that the FinOps Foundation has published and that are exported: 1.2 of May 2025, 1.3 of December 2025, 1.4 of June 2026.</summary>
    public static readonly IReadOnlyList<string> Versions = ["1.2", "1.3", "1.4"];

    public void Map(Routes routes) => routes.Get("/v1/focus", Export);

    private async Task Export(Call call)
    {
        var version = call.Query("version") ?? Versions[^1];
        var format = call.Query("format") ?? "csv";
        if (!Versions.Contains(version) || format is not ("csv" or "parquet"))
        {
            throw Fault.BadRequest($"FOCUS data comes as ?format=csv or parquet and ?version={string.Join(", ", Versions)}.");
        }

        var (from, to, account) = (call.QueryInstant("from") ?? 0, call.QueryInstant("to") ?? long.MaxValue, call.Query("account"));
        var (accounts, book) = await db.Read(
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

                return (await FocusStore.Payers(r, account), (await shelf.Current(r)).Book);
            },
            call.Cancel);
        var source = new FocusSource(db, identity, book, account, accounts, from, to, version, Micros.Of(time.GetUtcNow()));
        await ((call.Query("dataset") ?? "CostAndUsage", version) switch
        {
            ("CostAndUsage", _) => Answer(call, "focus", version, format, CostAndUsage.In(version), source.Costs),
            ("InvoiceDetail", "1.4") => Answer(call, "focus-invoice-detail", version, format, InvoiceDetail.Columns, source.Details),
            ("BillingPeriod", "1.4") => Answer(call, "focus-billing-period", version, format, BillingPeriodRow.Columns, source.Periods),
            ("ContractCommitment", "1.3" or "1.4") => Answer(call, "focus-contract-commitment", version, format, ContractCommitment.In(version), source.Commitments),
            _ => throw Fault.BadRequest("FOCUS has ?dataset=CostAndUsage, since 1.3 ContractCommitment, and since 1.4 InvoiceDetail and BillingPeriod."),
        });
    }

    private static async Task Answer<T>(
        Call call, string name, string version, string format, IReadOnlyList<FocusColumn<T>> all, Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<T>>> rows)
    {
        var columns = Chosen(call, all);
        var response = call.Http.Response;
        response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet";
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}-{version}.{format}\"";
        await using IFocusWriter<T> writer = format == "csv" ? new FocusCsv<T>(response.Body, columns) : new FocusParquet<T>(response.Body, columns);
        await writer.Begin(call.Cancel);
        await foreach (var some in rows(call.Cancel))
        {
            if (some.Count > 0)
            {
                await writer.Write(some, call.Cancel);
            }
        }

        await writer.End(call.Cancel);
    }

    private static IReadOnlyList<FocusColumn<T>> Chosen<T>(Call call, IReadOnlyList<FocusColumn<T>> all)
    {
        if (call.Query("columns") is not { Length: > 0 } text)
        {
            return all;
        }

        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var unknown = names.Except(all.Select(c => c.Name)).FirstOrDefault();
        return unknown is null ? [.. all.Where(c => names.Contains(c.Name))] : throw Fault.BadRequest($"The dataset has no column {unknown} in this version.");
    }
}
