using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;
using Ciel.Services.Billing.Invoices;
using static Ciel.Services.Billing.Calendar.Micros;

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

    /// <summary>What stood still for long has been deleted.</summary>
    public const string Released = "released";

    /// <summary>From when an invoice is due to when services stop, µs.</summary>
    public const long Patience = 7 * Day;

    /// <summary>The oldest invoice that is not paid in full; null where nothing is owed. A credit note takes from its own invoice, and pays others only what is over.</summary>
    /// <param name="balance">What the account has; below zero what it owes.</param>
    /// <param name="invoices">The account's with their credit notes, the newest first.</param>
    public static Invoice? OldestUnpaid(Fixed balance, IReadOnlyList<Invoice> invoices)
    {
        var owed = -balance;
        var credited = invoices.Where(i => i.IsCreditNote).ToLookup(i => i.Corrects, i => Fixed.Parse(i.Total));
        Invoice? oldest = null;
        foreach (var (invoice, left) in invoices.Where(i => !i.IsCreditNote).Select(i => (i, Fixed.Parse(i.Total) + credited[i.Number].Sum(note => note))).Where(i => i.Item2 > Fixed.Zero))
        {
            if (owed <= Fixed.Zero)
            {
                break;
            }

            oldest = invoice;
            owed -= left;
        }

        return oldest;
    }

    /// <summary>The state at an instant. A prepaid account stands still as soon as it has nothing left; what was released stays so until it is paid.</summary>
    /// <param name="account">As it was last settled.</param>
    /// <param name="unpaid">Its oldest invoice that is not paid.</param>
    /// <param name="left">What it has left, where it is prepaid.</param>
    /// <param name="now">µs UTC.</param>
    public static string StateAt(Account account, Invoice? unpaid, Fixed? left, long now)
    {
        var state = left is { } rest ? (rest > Fixed.Zero ? Active : Frozen) : StateAt(unpaid, now);
        return state == Frozen && (account.State == Released || Releasing.Of(account, state, now).Releases) ? Released : state;
    }

    /// <summary>The state at an instant of an account that pays by invoice.</summary>
    public static string StateAt(Invoice? unpaid, long now) =>
        unpaid is null || now <= unpaid.DueAt ? Active : now <= unpaid.DueAt + Patience ? Grace : Frozen;
}
