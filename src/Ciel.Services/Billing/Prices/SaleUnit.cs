using System.Numerics;
using System.Text.RegularExpressions;
using Ciel.Services.Billing.Amounts;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Prices;

/// <summary>What a price is for one of: <c>GB-hour</c>, <c>vCPU-hour</c>, <c>1000 requests</c>, <c>GiB</c>.</summary>
/// <param name="Text">As the price book says it.</param>
/// <param name="Count">How many: 1000 of <c>1000 requests</c>.</param>
/// <param name="Size">What is counted: <c>GB</c>, <c>vCPU</c>.</param>
/// <param name="Micros">How long, µs; 0 where the price is for a thing and not for its time.</param>
internal sealed partial record SaleUnit(string Text, long Count, string Size, long Micros)
{
    // A month of a price per time is 730 hours, whichever month it is: calendar months are what subscriptions have.
    private static readonly Dictionary<string, long> Times = new()
    {
        ["second"] = Second,
        ["minute"] = 60 * Second,
        ["hour"] = Hour,
        ["day"] = Day,
        ["month"] = 730 * Hour,
    };

    private static readonly Dictionary<string, BigInteger> Bytes = new()
    {
        ["B"] = 1,
        ["byte"] = 1,
        ["kB"] = 1_000,
        ["MB"] = 1_000_000,
        ["GB"] = 1_000_000_000,
        ["TB"] = 1_000_000_000_000,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
    };

    /// <summary>Whether the price is for time.</summary>
    public bool Timed => Micros > 0;

    /// <summary>Reads a unit; null where the text is none.</summary>
    public static SaleUnit? Parse(string text)
    {
        if (Shape().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var time = match.Groups["time"].Value;
        var count = match.Groups["count"].Value is { Length: > 0 } digits ? long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : 1;
        return (time.Length > 0 && !Times.ContainsKey(time)) || count == 0 ? null : new(text, count, match.Groups["size"].Value, time.Length > 0 ? Times[time] : 0);
    }

    /// <summary>Whether what is metered in another unit can be sold in this: bytes in any size of bytes, all else only as itself.</summary>
    public bool Takes(string metered) => metered == Size || (Bytes.ContainsKey(metered) && Bytes.ContainsKey(Size));

    /// <summary>How many of the smallest unit one metered unit is: 1024³ for <c>GiB</c>, 1 for what is no size of bytes.</summary>
    public static Int128 Smallest(string metered) => (Int128)Bytes.GetValueOrDefault(metered, BigInteger.One);

    /// <summary>Turns a sum into units of sale, cut off after ten decimals.</summary>
    /// <param name="sum">In the smallest unit (<see cref="Smallest"/>), times µs where the price is for time.</param>
    public Fixed Of(Int128 sum) => Fixed.Of(new Fraction(
        (BigInteger)sum, Bytes.GetValueOrDefault(Size, BigInteger.One) * Count * (Timed ? Micros : 1)));

    [GeneratedRegex("^(?:(?<count>[0-9]{1,9}) )?(?<size>[A-Za-z][A-Za-z0-9]{0,31})(?:-(?<time>[a-z]{1,8}))?\\z")]
    private static partial Regex Shape();
}
