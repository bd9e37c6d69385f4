using System.Globalization;
using System.Numerics;
using Ciel.Services.Billing.Amounts;

namespace Ciel.Services.Billing.Focus;

/// <summary>Decimal text with up to twenty decimals: FOCUS wants price times quantity to be the cost, not nearly the cost.</summary>
internal static class Exact
{
    private const int Places = 20;

    /// <summary>Price times quantity, to the last digit.</summary>
    public static string Product(Fixed price, Fixed quantity) => Text((BigInteger)price.Units * (BigInteger)quantity.Units);

    /// <summary>So many hundredths of a sum, cut off after twenty decimals.</summary>
    public static string Percent(IEnumerable<string> costs, Fixed percent) =>
        Text(BigInteger.Divide(costs.Aggregate(BigInteger.Zero, (sum, c) => sum + Units(c)) * (BigInteger)percent.Units, BigInteger.Pow(10, Fixed.Places + 2)));

    private static string Text(BigInteger units)
    {
        var digits = BigInteger.Abs(units).ToString("D21", CultureInfo.InvariantCulture);
        var behind = digits[^Places..].TrimEnd('0');
        return $"{(units.Sign < 0 ? "-" : "")}{digits[..^Places]}{(behind.Length > 0 ? "." : "")}{behind}";
    }

    private static BigInteger Units(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var behind = point < 0 ? "" : text[(point + 1)..];
        return BigInteger.Parse((point < 0 ? text : text[..point]) + behind.PadRight(Places, '0'), CultureInfo.InvariantCulture);
    }
}
