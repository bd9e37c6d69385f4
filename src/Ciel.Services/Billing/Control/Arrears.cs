using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Invoices;

namespace Ciel.Services.Billing.Control;

/// <summary>Where an account stands with its payments. Payments pay the oldest invoice first. Pure.</summary>
internal static class Arrears
{
    /// <summary>In good order.</summary>
    public const string Active = "active";

    /// <summary>Something is overdue; nothing is stopped yet.</summary>
    public const string Grace = "grace";

    /// <summary>Services are stopped, data is kept.</summary>
    public const string Frozen = "frozen";

    /// <summary>From when an invoice is due to when services stop, µs.</summary>
    public const long Patience = 7L * 86_400_000_000;

    /// <summary>The oldest invoice that is not paid in full; null where nothing is owed.</summary>
    /// <param name="balance">What the account has; below zero what it owes.</param>
    /// <param name="invoices">The account's, the newest first.</param>
    public static Invoice? OldestUnpaid(Fixed balance, IReadOnlyList<Invoice> invoices)
    {
        var owed = -balance;
        Invoice? oldest = null;
        foreach (var invoice in invoices.Where(i => i.Kind == "invoice" && Fixed.Parse(i.Total) > Fixed.Zero))
        {
            if (owed <= Fixed.Zero)
            {
                break;
            }

            oldest = invoice;
            owed -= Fixed.Parse(invoice.Total);
        }

        return oldest;
    }

    /// <summary>The state at an instant.</summary>
    public static string StateAt(Invoice? unpaid, long now) =>
        unpaid is null || now <= unpaid.DueAt ? Active : now <= unpaid.DueAt + Patience ? Grace : Frozen;
}
