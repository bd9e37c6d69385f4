namespace Ciel.Services.Billing.Accounts;

/// <summary>Numbers of bank accounts, ISO 13616.</summary>
internal static class Iban
{
    /// <summary>Whether its form and its check digits (ISO 7064, mod 97-10) are right. Spaces do not matter.</summary>
    public static bool IsGood(string text)
    {
        var iban = Plain(text);
        if (iban.Length is < 15 or > 34 || !iban.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c)))
        {
            return false;
        }

        var rest = 0;
        foreach (var c in iban[4..] + iban[..4])
        {
            var value = char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10;
            rest = ((rest * (value > 9 ? 100 : 10)) + value) % 97;
        }

        return rest == 1;
    }

    /// <summary>Without spaces.</summary>
    public static string Plain(string text) => text.Replace(" ", "", StringComparison.Ordinal);
}
