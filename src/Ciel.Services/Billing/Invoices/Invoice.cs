namespace Ciel.Services.Billing.Invoices;

/// <summary>An invoice or a credit note as it was issued. Its rows are never changed.</summary>
internal sealed record Invoice
{
    public required string Id { get; init; }

    /// <summary>The entity's next number: without a gap.</summary>
    public required string Number { get; init; }

    public required string EntityId { get; init; }

    public required string AccountId { get; init; }

    /// <summary><c>invoice</c> or <c>credit-note</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether it takes back from another.</summary>
    public bool IsCreditNote => Kind == "credit-note";

    /// <summary>The invoice that a credit note takes back from.</summary>
    public string? Corrects { get; init; }

    /// <summary>µs UTC.</summary>
    public long PeriodFrom { get; init; }

    /// <summary>µs UTC, not in it.</summary>
    public long PeriodTo { get; init; }

    public required string Currency { get; init; }

    public required string Net { get; init; }

    public required string Tax { get; init; }

    public required string Total { get; init; }

    /// <summary>What the account's balance had paid of it when it was issued (BT-113).</summary>
    public string Prepaid { get; init; } = "0";

    /// <summary>µs UTC.</summary>
    public long IssuedAt { get; init; }

    /// <summary>µs UTC.</summary>
    public long DueAt { get; init; }

    /// <summary>Who issued it and to whom, as they were then, JSON.</summary>
    public required string Parties { get; init; }
}

/// <summary>A line as it was issued.</summary>
internal sealed record InvoiceLine
{
    public required string InvoiceId { get; init; }

    /// <summary>From 1 on.</summary>
    public long Line { get; init; }

    /// <summary>A <see cref="Rating.ChargeKind"/> in lower case.</summary>
    public required string Kind { get; init; }

    public required string Product { get; init; }

    public required string Name { get; init; }

    public long FromAt { get; init; }

    public long ToAt { get; init; }

    public required string Unit { get; init; }

    public required string Quantity { get; init; }

    public required string Each { get; init; }

    /// <summary>What it would have come to by the list.</summary>
    public required string List { get; init; }

    /// <summary>Before rounding.</summary>
    public required string Rated { get; init; }

    /// <summary>Money.</summary>
    public required string Amount { get; init; }

    public string? Source { get; init; }

    public string? TaxCategory { get; init; }

    public string? TaxPercent { get; init; }
}

/// <summary>What one resource has of a line.</summary>
internal sealed record InvoiceShare
{
    public required string InvoiceId { get; init; }

    public long Line { get; init; }

    public required string ProjectId { get; init; }

    public required string ResourceId { get; init; }

    public required string Quantity { get; init; }

    /// <summary>Before rounding.</summary>
    public required string Rated { get; init; }
}
