using System.Text;
using Ciel.Services.Billing.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Billing;

/// <summary>Legal entities and the documents of an invoice, over HTTP.</summary>
public sealed class DocumentTests
{
    private const long Hour = 3_600_000_000;

    [Theory]
    [MemberData(nameof(InvoicingTests.Both), MemberType = typeof(InvoicingTests))]
    public async Task An_invoice_is_a_pdf_with_the_e_invoice_in_it_and_always_the_same_bytes(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        await Issue(cloud);
        var (status, type, xml) = await Bytes(cloud, "/invoices/WOLKE-000001.xml");
        (status, type).ShouldBe((200, "application/xml"));
        Encoding.UTF8.GetString(xml).ShouldContain("<ram:GrandTotalAmount>1.79</ram:GrandTotalAmount>");
        var (_, pdfType, pdf) = await Bytes(cloud, "/invoices/WOLKE-000001.pdf");
        pdfType.ShouldBe("application/pdf");
        (await Bytes(cloud, "/invoices/WOLKE-000001.pdf")).Body.ShouldBe(pdf);
        var read = new PdfReading(pdf);
        read.Objects.Count.ShouldBeGreaterThan(10);
        read.Streams.ShouldContain(s => s.SequenceEqual(xml));
        read.Text.ShouldContain("/AFRelationship /Alternative");
        read.Streams.Select(Encoding.UTF8.GetString).ShouldContain(s => s.Contains("<pdfaid:part>3</pdfaid:part>") && s.Contains("<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>"));
        (await Bytes(cloud, "/invoices/WOLKE-000001.pdf", "mallory")).Status.ShouldBe(404);
        (await Bytes(cloud, "/invoices/WOLKE-000001.xml", "mallory")).Status.ShouldBe(404);
        (await Bytes(cloud, "/invoices/WOLKE-000002.pdf")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Why_there_is_no_tax_is_said_in_the_price_books_words()
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        var book = BillingCloud.Prices.Replace("percent: 19,", "percent: 0, category: E, reason: \"Small business, section 19\",", StringComparison.Ordinal);
        await Issue(cloud, book: book);
        Encoding.UTF8.GetString((await Bytes(cloud, "/invoices/WOLKE-000001.xml")).Body).ShouldContain("<ram:ExemptionReason>Small business, section 19</ram:ExemptionReason>");
    }

    [Fact]
    public async Task An_invoice_that_lacks_what_the_norm_wants_is_still_a_pdf()
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        await Issue(cloud, "");
        var (status, _, said) = await Bytes(cloud, "/invoices/WOLKE-000001.xml");
        status.ShouldBe(409);
        Encoding.UTF8.GetString(said).ShouldContain("`ciel account set ID --country DE`");
        var read = new PdfReading((await Bytes(cloud, "/invoices/WOLKE-000001.pdf")).Body);
        read.Text.ShouldNotContain("/EmbeddedFile");
    }

    [Fact]
    public void An_invoice_of_many_lines_has_many_pages_and_names_of_any_script()
    {
        var charges = Enumerable.Range(1, 150).Select(i => SamplePaper.Charge(Services.Billing.Rating.ChargeKind.Usage, "100", "0.5", "50")).ToList();
        var paper = SamplePaper.Of(charges, [], SamplePaper.Buyer with { Name = "Ακμή ООО 株式会社 \u0001 (x) \\" });
        var pdf = Services.Billing.Documents.InvoicePdf.Of(paper, new(), null);
        var read = new PdfReading(pdf);
        read.Objects.Count(o => o.Contains("/Type /Page ", StringComparison.Ordinal)).ShouldBeGreaterThan(3);
    }

    [Theory]
    [MemberData(nameof(InvoicingTests.Both), MemberType = typeof(InvoicingTests))]
    public async Task Entities_are_made_and_changed_and_number_their_own_invoices(string kind)
    {
        await using var cloud = await BillingCloud.Start(kind);
        (await cloud.Send(HttpMethod.Post, "/entities", new { entity = new { id = "fr", name = "Nuage SAS", prefix = "FR-", country = "FR" } })).Status.ShouldBe(201);
        (await cloud.Send(HttpMethod.Post, "/entities", new { entity = new { id = "fr", name = "Nuage SAS", prefix = "F-" } })).Status.ShouldBe(409);
        (await cloud.Send(HttpMethod.Post, "/entities", new { entity = new { id = "fr2", name = "Nuage SAS", prefix = "FR-" } })).Status.ShouldBe(409);
        (await cloud.Send(HttpMethod.Patch, "/entities/fr", new { entity = new { details = new { city = "Paris", street = "x" } } })).Status.ShouldBe(200);
        var (_, changed) = await cloud.Send(HttpMethod.Patch, "/entities/fr", new { entity = new { details = new { street = "" }, prefix = "F-" } });
        changed.GetProperty("entity").GetProperty("details").GetRawText().ShouldBe("""{"city":"Paris"}""");
        changed.GetProperty("entity").GetProperty("prefix").GetString().ShouldBe("F-");
        await Issue(cloud);
        var (status, body) = await cloud.Send(HttpMethod.Patch, "/entities/default", new { entity = new { prefix = "NEW-" } });
        status.ShouldBe(409);
        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("its prefix stays");
        (await cloud.Get("/entities")).GetProperty("entities").EnumerateArray().Select(e => $"{e.GetProperty("id")} {e.GetProperty("last_number")}").ShouldBe(["default 1", "fr 0"]);
    }

    [Theory]
    [InlineData("""{"entity": {"id": "x", "name": "y", "prefix": "A1"}}""", "does not match")]
    [InlineData("""{"entity": {"id": "x", "name": "y", "prefix": "A-", "details": {"iban": "DE89370400440532013001"}}}""", "check digits")]
    [InlineData("""{"entity": {"id": "x", "name": "y", "prefix": "A-", "details": {"colour": "red"}}}""", "an entity's details are")]
    [InlineData("""{"entity": {"id": "x", "name": "y", "prefix": "A-", "country": "Germany"}}""", "is too long")]
    public async Task A_bad_entity_is_refused_in_a_sentence(string body, string said)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        var (status, answer) = await cloud.Send(HttpMethod.Post, "/entities", new StringContent(body));
        status.ShouldBe(400);
        answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(said);
    }

    [Theory]
    [InlineData("GET", "/entities")]
    [InlineData("GET", "/entities/default")]
    [InlineData("POST", "/entities")]
    [InlineData("PATCH", "/entities/default")]
    public async Task Only_operators_see_entities(string method, string path)
    {
        await using var cloud = await BillingCloud.Start("sqlite");
        (await cloud.Send(new HttpMethod(method), path, new { }, "mallory")).Status.ShouldBe(403);
    }

    private static async Task Issue(BillingCloud cloud, string country = "DE", string book = BillingCloud.Prices)
    {
        await cloud.Import(book);
        await cloud.Send(HttpMethod.Patch, "/entities/default", new { entity = new { name = "Wolke GmbH", country = "DE", tax_number = "DE123456789", prefix = "WOLKE-", details = new { city = "Köln" } } });
        await cloud.Send(HttpMethod.Patch, "/accounts/default", new { account = new { country } });
        var month = await cloud.Back("default", 1);
        await cloud.Ran("alice", month.From, month.From + (3 * Hour));
        var account = await cloud.Account("default");
        var draft = await cloud.Db.Read(r => cloud.Host.Parts.GetRequiredService<DraftBook>().Make(r, account, account.Open));
        (await cloud.Db.Write(tx => cloud.Host.Parts.GetRequiredService<InvoiceBook>().Issue(tx, draft, "first"))).ShouldNotBeNull();
    }

    private static async Task<(int Status, string? Type, byte[] Body)> Bytes(BillingCloud cloud, string path, string token = "admin")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/billing/v1" + path);
        request.Headers.Add("X-Auth-Token", token);
        using var answer = await cloud.Host.Client.SendAsync(request);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync());
    }
}
