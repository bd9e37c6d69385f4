using System.Text.RegularExpressions;

namespace Ciel.Services.Billing.Accounts;

/// <summary>
/// VAT numbers by their shape, as the European Commission publishes it for the members of the EU and Northern Ireland (VIES). Whether somebody has the
/// number is not asked. Pure.
/// </summary>
internal static partial class VatNumber
{
    private const string Countries = "AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI";

    /// <summary>What is wrong with a tax number, a sentence; null where nothing is. National tax numbers and those of other countries have any shape.</summary>
    /// <param name="number">As it was written.</param>
    /// <param name="country">Where the party is taxed, ISO 3166-1 alpha-2; empty where nobody said.</param>
    public static string? Wrong(string number, string country)
    {
        var prefix = number[..Math.Min(2, number.Length)].ToUpperInvariant();
        return Countries.Split(' ').Contains(prefix) && !Shape().IsMatch(number)
            ? $"this is no VAT number of {prefix}. Write the country and the number in capitals, without spaces, points or dashes, such as DE123456789"
            : country.Length == 2 && Shape().IsMatch(country + number)
                ? $"e-invoices want a VAT number with its country (EN 16931, BR-CO-09). Write {country}{number}"
                : null;
    }

    [GeneratedRegex(
        """
        ^(?:ATU[0-9]{8}|BE[01][0-9]{9}|BG[0-9]{9,10}|CY[0-9]{8}[A-Z]|CZ[0-9]{8,10}|DE[0-9]{9}|DK[0-9]{8}|EE[0-9]{9}|(?:EL|GR)[0-9]{9}|ES(?:[A-Z][0-9]{7}[0-9A-Z]|[0-9]{8}[A-Z])
        |FI[0-9]{8}|FR[0-9A-Z]{2}[0-9]{9}|HR[0-9]{11}|HU[0-9]{8}|IE[0-9][0-9A-Z+*][0-9]{5}[A-Z]{1,2}|IT[0-9]{11}|LT(?:[0-9]{9}|[0-9]{12})|LU[0-9]{8}|LV[0-9]{11}|MT[0-9]{8}
        |NL[0-9A-Z+*]{12}|PL[0-9]{10}|PT[0-9]{9}|RO[0-9]{2,10}|SE[0-9]{12}|SI[0-9]{8}|SK[0-9]{10}|XI(?:[0-9]{9}|[0-9]{12}|(?:GD|HA)[0-9]{3}))\z
        """,
        RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Shape();
}
