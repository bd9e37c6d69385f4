using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Billing.Documents.Host;
using Ciel.Services.Billing.Door;

namespace Ciel.Services.Billing.Documents;

/// <summary>Routes of an invoice's documents: for people and for machines.</summary>
internal sealed class DocumentApi(Db db, InvoiceFonts fonts)
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/invoices/{number}.pdf", Pdf);
        routes.Get("/v1/invoices/{number}.xml", Xml);
    }

    private async Task Pdf(Call call)
    {
        var paper = await Read(call);
        var invoice = EInvoiceMaker.Of(paper);
        var xml = EInvoiceNeeds.Of(invoice).Any() ? null : Cii.Of(invoice);
        await Answer(call, "application/pdf", $"{invoice.Number}.pdf", InvoicePdf.Of(paper, fonts, xml));
    }

    private async Task Xml(Call call)
    {
        var invoice = EInvoiceMaker.Of(await Read(call));
        var lacks = EInvoiceNeeds.Of(invoice).ToList();
        if (lacks.Count > 0)
        {
            throw Fault.Conflict($"{invoice.Number} was issued without what an e-invoice needs; the next one will have it. {string.Join(' ', lacks)}");
        }

        await Answer(call, "application/xml", $"{invoice.Number}.xml", Cii.Of(invoice));
    }

    private Task<Paper> Read(Call call) => db.Read(async r => await Paper.Read(r, await call.VisibleInvoice(r, call.Route("number"))), call.Cancel);

    private static async Task Answer(Call call, string type, string name, byte[] bytes)
    {
        var response = call.Http.Response;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(bytes, call.Cancel);
    }
}
