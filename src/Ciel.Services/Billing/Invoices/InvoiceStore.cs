using Ciel.Core.Store;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Rating;

namespace Ciel.Services.Billing.Invoices;

/// <summary>The SQL of invoices. It inserts and reads; nothing is updated.</summary>
internal static class InvoiceStore
{
    /// <summary>The predicate that an invoice is no sandbox's.</summary>
    public const string Real = "account_id IN (SELECT id FROM billing_account WHERE clock_at IS NULL)";

    public static Task<Invoice?> ByNumber(Reader reader, string number) =>
        reader.First<Invoice>("SELECT * FROM billing_invoice WHERE number = @number", new { number });

    /// <summary>An account's, or those of all real ones; the newest first.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="account">Whose; null for all real ones.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="after">Only those that come after this one, for the next page; null for the first.</param>
    public static Task<List<Invoice>> List(Reader reader, string? account, long most, Invoice? after = null) => reader.Query<Invoice>(
        $"""
        SELECT * FROM billing_invoice WHERE {(account is null ? Real : "account_id = @account")} {(after is null ? "" : "AND (issued_at < @IssuedAt OR (issued_at = @IssuedAt AND id < @Id))")}
        ORDER BY issued_at DESC, id DESC LIMIT @most
        """,
        new { account, most, after?.IssuedAt, after?.Id });

    public static Task<List<InvoiceLine>> Lines(Reader reader, string invoice) =>
        reader.Query<InvoiceLine>("SELECT * FROM billing_line WHERE invoice_id = @invoice ORDER BY line", new { invoice });

    public static Task<List<InvoiceShare>> Shares(Reader reader, string invoice) =>
        reader.Query<InvoiceShare>("SELECT * FROM billing_share WHERE invoice_id = @invoice ORDER BY line, project_id, resource_id", new { invoice });

    public static Task<List<ClosedPeriod>> PeriodsSince(Reader reader, string account, long since) => reader.Query<ClosedPeriod>(
        """
        SELECT p.from_at AS from_at, p.to_at AS to_at, i.number AS number FROM billing_period p LEFT JOIN billing_invoice i ON i.id = p.invoice_id
        WHERE p.account_id = @account AND p.to_at > @since ORDER BY p.from_at
        """,
        new { account, since });

    /// <summary>What has been billed for a period, by resource: the usage lines of its invoice, and corrections that later invoices bore for it; a package's are of when it was used.</summary>
    public static Task<List<Billed>> Billed(Reader reader, string account, Period period) => reader.Query<Billed>(
        """
        SELECT l.product AS product, CASE WHEN l.kind = 'package' THEN l.source END AS package, l.unit AS unit, s.project_id AS project_id, s.resource_id AS resource_id,
            CASE WHEN l.kind = 'discount' THEN '0' ELSE s.quantity END AS quantity, s.rated AS rated
        FROM billing_invoice i JOIN billing_line l ON l.invoice_id = i.id JOIN billing_share s ON s.invoice_id = l.invoice_id AND s.line = l.line
        WHERE i.account_id = @account AND i.kind = 'invoice' AND (
            (i.period_from = @From AND l.kind IN ('usage', 'commitment', 'discount'))
            OR (l.kind = 'package' AND l.from_at >= @From AND l.from_at < @To)
            OR (l.kind = 'correction' AND l.from_at = @From AND l.to_at = @To))
        """,
        new { account, period.From, period.To });

    public static async Task Insert(Tx tx, Invoice invoice, IReadOnlyList<Line> lines)
    {
        await tx.Execute(
            """
            INSERT INTO billing_invoice (id, number, entity_id, account_id, kind, corrects, period_from, period_to, currency, net, tax, total, prepaid, issued_at, due_at, parties)
            VALUES (@Id, @Number, @EntityId, @AccountId, @Kind, @Corrects, @PeriodFrom, @PeriodTo, @Currency, @Net, @Tax, @Total, @Prepaid, @IssuedAt, @DueAt, @Parties)
            """,
            invoice);
        for (var i = 0; i < lines.Count; i++)
        {
            await Insert(tx, invoice.Id, i + 1, lines[i]);
        }
    }

    /// <summary>The credit notes on an invoice.</summary>
    public static Task<List<Invoice>> Notes(Reader reader, string number) =>
        reader.Query<Invoice>("SELECT * FROM billing_invoice WHERE corrects = @number ORDER BY issued_at, id", new { number });

    public static Task Close(Tx tx, string account, Period period, string? invoice) => tx.Execute(
        "INSERT INTO billing_period (account_id, from_at, to_at, invoice_id, closed_at) VALUES (@account, @From, @To, @invoice, @Now)",
        new { account, period.From, period.To, invoice, tx.Now });

    private static async Task Insert(Tx tx, string invoice, int number, Line line)
    {
        await tx.Execute(
            """
            INSERT INTO billing_line (invoice_id, line, kind, product, name, from_at, to_at, unit, quantity, each, list, rated, amount, source, tax_category, tax_percent)
            VALUES (@InvoiceId, @Line, @Kind, @Product, @Name, @FromAt, @ToAt, @Unit, @Quantity, @Each, @List, @Rated, @Amount, @Source, @TaxCategory, @TaxPercent)
            """,
            Row(invoice, number, line));
        foreach (var part in line.Charge.Parts)
        {
            await tx.Execute(
                "INSERT INTO billing_share (invoice_id, line, project_id, resource_id, quantity, rated) VALUES (@invoice, @number, @Project, @Resource, @quantity, @rated)",
                new { invoice, number, part.Project, part.Resource, quantity = part.Quantity.ToString(), rated = part.Amount.ToString() });
        }
    }

    /// <summary>A line as it is stored and shown.</summary>
    public static InvoiceLine Row(string invoice, int number, Line line) => new()
    {
        InvoiceId = invoice,
        Line = number,
        Kind = Word(line.Charge.Kind),
        Product = line.Charge.Product,
        Name = line.Name,
        FromAt = line.Charge.Ran.From,
        ToAt = line.Charge.Ran.To,
        Unit = line.Charge.Unit,
        Quantity = line.Charge.Quantity.ToString(),
        Each = line.Charge.Each.ToString(),
        List = line.Charge.List.ToString(),
        Rated = line.Charge.Amount.ToString(),
        Amount = line.Amount.ToString(),
        Source = line.Charge.Source,
        TaxCategory = line.Rate?.Category,
        TaxPercent = line.Rate?.Percent.ToString(),
    };

    private static string Word(ChargeKind kind) => kind.ToString().ToLowerInvariant();
}
