using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;
using Ciel.Core.Store;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Clock;
using Ciel.Services.Billing.Documents;
using Ciel.Services.Billing.Door;
using Ciel.Services.Billing.Payments;
using Ciel.Services.Identity;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Routes of invoices and of what the next one would say now.</summary>
internal sealed class InvoiceApi(Db db, DraftBook drafts, IIdentity identity, IEnumerable<IPaymentProvider> providers)
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/accounts/{id}/preview", Preview);
        routes.Get("/v1/preview", PreviewOfProject);
        routes.Get("/v1/invoices", List);
        routes.Get("/v1/invoices/{number}", Show);
    }

    private async Task Preview(Call call)
    {
        var now = await db.Now(call.Cancel);
        var draft = await db.Read(
            async r =>
            {
                var account = await call.Paying(r, call.Route("id"));
                return await drafts.Make(r, account, account.Open.Meet(new(0, account.Time(now))));
            },
            call.Cancel);
        await call.One("preview", json => InvoiceWire.Write(json, draft));
    }

    // A project's own part of its payer's preview: each line in proportion to what its resources ran, and what was ordered for it.
    private async Task PreviewOfProject(Call call)
    {
        var project = call.Query("project") is { } wanted && call.Actor.IsAdmin ? wanted : call.Actor.Project();
        call.Actor.Require(Roles.Reader, "billing:preview");
        var now = await db.Now(call.Cancel);
        var draft = await db.Read(
            async r =>
            {
                var stay = (await AccountStore.StaysOf(r, project)).Find(s => s.ToAt is null);
                _ = stay is null && await identity.Project(r, project) is null ? throw Fault.NotFound($"There is no project {project}.") : stay;
                var account = (await AccountStore.Find(r, stay?.PayerId ?? Account.Default))!;
                return await drafts.MakeOf(r, account, account.Open.Meet(new(0, account.Time(now))), project);
            },
            call.Cancel);
        await call.One("preview", json => InvoiceWire.Write(json, draft));
    }

    // A page of at most a thousand at a time, by ?limit and ?marker, the number of the last one of the page before.
    private async Task List(Call call)
    {
        var (most, wanted) = (call.Most(), call.Query("account"));
        var invoices = await db.Read(
            async r =>
            {
                var account = wanted is null && call.Actor.IsAdmin ? null : (await call.Visible(r, wanted ?? throw Fault.BadRequest("Say whose: /billing/v1/invoices?account=ID."))).Id;
                return await InvoiceStore.List(r, account, most, call.Query("marker") is { } last ? await call.VisibleInvoice(r, last) : null);
            },
            call.Cancel);
        await call.Many("invoices", invoices, InvoiceWire.Write);
    }

    private async Task Show(Call call)
    {
        var (invoice, lines) = await db.Read(
            async r =>
            {
                var found = await call.VisibleInvoice(r, call.Route("number"));
                return (found, await InvoiceStore.Lines(r, found.Id));
            },
            call.Cancel);
        await call.One("invoice", json => InvoiceWire.Write(json, invoice, lines, HowToPay(invoice)));
    }

    private IEnumerable<string> HowToPay(Invoice invoice) =>
        invoice.IsCreditNote ? [] : providers.Select(p => p.HowToPay(invoice, Party.Both(invoice.Parties).Seller)).OfType<string>();
}
