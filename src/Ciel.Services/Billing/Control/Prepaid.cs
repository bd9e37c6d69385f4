using System.Globalization;
using Ciel.Services.Billing.Accounts;
using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Control;

/// <summary>What a prepaid account has left: each settlement draws what the open period has come to from the balance. Pure.</summary>
internal static class Prepaid
{
    /// <summary>The marks below which a notice is written, downwards; null where the text is none.</summary>
    public static IReadOnlyList<Fixed>? Marks(string text)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.TrueForAll(parts, p => Fixed.TryParse(p, out var mark) && mark > Fixed.Zero) ? [.. parts.Select(Fixed.Parse).OrderDescending()] : null;
    }

    /// <summary>The lowest mark that what is left has fallen below; null where it is above all of them.</summary>
    public static Fixed? Below(Account account, Fixed left) => Marks(account.LowBalance)!.Where(mark => left < mark).Select(mark => (Fixed?)mark).LastOrDefault();

    /// <summary>Whether that is news: a mark lower than the one last told.</summary>
    public static bool IsNews(Account account, Fixed? below) => below is { } mark && (account.LowTold is not { } told || mark < Fixed.Parse(told));

    /// <summary>The notice.</summary>
    public static string Words(Account account, Fixed mark, Fixed left) => string.Create(
        CultureInfo.InvariantCulture,
        $"The balance is below {account.Money.Text(mark)} {account.Currency}: {account.Money.Text(account.Money.Round(left))} are left. Top up before it is used up, or services stop.");
}
