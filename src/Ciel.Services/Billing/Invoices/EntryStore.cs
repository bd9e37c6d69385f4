using Ciel.Core.Store;
using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Invoices;

/// <summary>Money that an account owes or has paid: positive is the customer's, negative is owed. Never changed.</summary>
internal sealed record Entry
{
    public required string Id { get; init; }

    public required string AccountId { get; init; }

    /// <summary><c>invoice, credit-note, payment, refund, write-off</c>.</summary>
    public required string Kind { get; init; }

    public required string Currency { get; init; }

    public required string Amount { get; init; }

    public string? InvoiceId { get; init; }

    /// <summary>The payer's or the bank's reference; one is taken once.</summary>
    public string? Reference { get; init; }

    /// <summary>µs UTC.</summary>
    public long At { get; init; }
}

/// <summary>The SQL of entries.</summary>
internal static class EntryStore
{
    public static Task Add(Tx tx, Entry entry) => tx.Execute(
        """
        INSERT INTO billing_entry (id, account_id, kind, currency, amount, invoice_id, reference, at)
        VALUES (@Id, @AccountId, @Kind, @Currency, @Amount, @InvoiceId, @Reference, @At)
        """,
        entry);

    public static Task<List<Entry>> Of(Reader reader, string account) =>
        reader.Query<Entry>("SELECT * FROM billing_entry WHERE account_id = @account ORDER BY at, id", new { account });

    /// <summary>Whether another account has an entry of that reference.</summary>
    public static async Task<bool> HasOther(Reader reader, string account, string reference) =>
        await reader.Scalar<long>("SELECT COUNT(*) FROM billing_entry WHERE reference = @reference AND account_id <> @account", new { reference, account }) > 0;

    /// <summary>What the account has; below zero what it owes.</summary>
    public static async Task<Fixed> Balance(Reader reader, string account) => Sum(await Of(reader, account));

    /// <summary>What entries come to.</summary>
    public static Fixed Sum(IReadOnlyList<Entry> entries) => entries.Sum(e => Fixed.Parse(e.Amount));
}
