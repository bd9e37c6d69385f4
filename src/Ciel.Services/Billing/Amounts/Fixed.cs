using System.Globalization;
using System.Numerics;
using Ciel.Core.Errors;

namespace Ciel.Services.Billing.Amounts;

/// <summary>
/// An exact number with ten decimals: a quantity, a price or an amount before it is rounded to money. What has more than ten is cut off
/// towards zero, here and nowhere else; money is made by <see cref="Rounded"/>, once per line. What comes to more than 10²⁸ is refused in a
/// sentence, not cut off.
/// </summary>
internal readonly record struct Fixed : IComparable<Fixed>
{
    /// <summary>How many decimals are kept.</summary>
    public const int Places = 10;

    // What is reckoned grows beyond what people write: up to 10^28.
    private const int MostDigits = 29;

    private static readonly Int128 Scale = 10_000_000_000;
    private static readonly BigInteger BigScale = (BigInteger)Scale;
    private static readonly BigInteger Most = BigInteger.Pow(10, 38);
    private static readonly Int128 MostUnits = (Int128)Most;

    private Fixed(Int128 units) => Units = units;

    /// <summary>Nothing.</summary>
    public static Fixed Zero => default;

    /// <summary>One.</summary>
    public static Fixed One => new(Scale);

    /// <summary>The number in units of 10⁻¹⁰.</summary>
    public Int128 Units { get; }

    /// <summary>Whether it is below zero.</summary>
    public bool IsNegative => Units < 0;

    /// <summary>So many units of 10⁻¹⁰.</summary>
    public static Fixed Of(Int128 units) => new(units);

    /// <summary>A whole number.</summary>
    public static Fixed Whole(long number) => new(number * Scale);

    /// <summary>A fraction, cut off after ten decimals.</summary>
    public static Fixed Of(Fraction fraction) => Fit(BigInteger.Divide(fraction.Numerator * BigScale, fraction.Denominator));

    /// <summary>Reads <c>-12.5</c>: digits, at most 18 before and ten behind one point, nothing else.</summary>
    public static bool TryParse(string text, out Fixed value) => TryParse(text, 18, out value);

    private static bool TryParse(string text, int most, out Fixed value)
    {
        value = default;
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var behind = point < 0 ? "" : digits[(point + 1)..];
        if (whole.Length == 0 || whole.Length > most || behind.Length > Places || (point >= 0 && behind.Length == 0) || !AllDigits(whole) || !AllDigits(behind))
        {
            return false;
        }

        var units = checked((Int128.Parse(whole, CultureInfo.InvariantCulture) * Scale)
            + (behind.Length == 0 ? 0 : Int128.Parse(behind, CultureInfo.InvariantCulture) * Power(Places - behind.Length)));
        value = new(text.StartsWith('-') ? -units : units);
        return true;
    }

    /// <summary>Reads what <c>ToString</c> wrote.</summary>
    /// <exception cref="FormatException">It is no such number.</exception>
    public static Fixed Parse(string text) => TryParse(text, MostDigits, out var value) ? value : throw new FormatException($"'{text}' is not a number with at most ten decimals.");

    // Two numbers within the limit do not outgrow 128 bits.
    public static Fixed operator +(Fixed a, Fixed b) => Fit(a.Units + b.Units);

    public static Fixed operator -(Fixed a, Fixed b) => Fit(a.Units - b.Units);

    public static Fixed operator -(Fixed a) => new(-a.Units);

    public static bool operator <(Fixed a, Fixed b) => a.Units < b.Units;

    public static bool operator >(Fixed a, Fixed b) => a.Units > b.Units;

    public static bool operator <=(Fixed a, Fixed b) => a.Units <= b.Units;

    public static bool operator >=(Fixed a, Fixed b) => a.Units >= b.Units;

    /// <summary>The smaller of two.</summary>
    public static Fixed Min(Fixed a, Fixed b) => a < b ? a : b;

    /// <summary>The larger of two.</summary>
    public static Fixed Max(Fixed a, Fixed b) => a > b ? a : b;

    /// <summary>The product, cut off after ten decimals.</summary>
    public Fixed Times(Fixed other) => Fit(BigInteger.Divide((BigInteger)Units * (BigInteger)other.Units, BigScale));

    /// <summary>The product with a fraction, cut off after ten decimals.</summary>
    public Fixed Times(Fraction fraction) => Fit(BigInteger.Divide((BigInteger)Units * fraction.Numerator, fraction.Denominator));

    /// <summary>So many hundredths of it, cut off after ten decimals.</summary>
    public Fixed Percent(Fixed percent) => Fit(BigInteger.Divide((BigInteger)Units * (BigInteger)percent.Units, BigScale * 100));

    /// <summary>Money: rounded to so many decimals, a half away from zero, as merchants do.</summary>
    public Fixed Rounded(int decimals)
    {
        var unit = Power(Places - decimals);
        var half = unit / 2;
        return new((IsNegative ? Units - half : Units + half) / unit * unit);
    }

    public int CompareTo(Fixed other) => Units.CompareTo(other.Units);

    /// <summary>Without needless zeros: <c>0.4599822222</c>, <c>12</c>, <c>-0.5</c>.</summary>
    public override string ToString() => ToString(0);

    /// <summary>With at least so many decimals: <c>12.00</c>.</summary>
    public string ToString(int decimals)
    {
        var size = Int128.Abs(Units);
        var behind = (size % Scale).ToString("0000000000", CultureInfo.InvariantCulture).TrimEnd('0').PadRight(decimals, '0');
        return $"{(IsNegative ? "-" : "")}{size / Scale}{(behind.Length > 0 ? "." : "")}{behind}";
    }

    /// <summary>Says that a number is beyond what is billed.</summary>
    public static Fault TooLarge() => Fault.BadRequest("A number here comes to more than 10^28, which is more than can be billed. Look for a price, a quantity or an amount that is too large.");

    private static Fixed Fit(BigInteger units) => BigInteger.Abs(units) <= Most ? new((Int128)units) : throw TooLarge();

    private static Fixed Fit(Int128 units) => units <= MostUnits && units >= -MostUnits ? new(units) : throw TooLarge();

    private static bool AllDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static Int128 Power(int exponent)
    {
        Int128 power = 1;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
