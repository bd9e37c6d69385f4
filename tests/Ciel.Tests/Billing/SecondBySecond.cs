using System.Numerics;
using Ciel.Services.Billing.Prices;
using Ciel.Services.Billing.Rating;

namespace Ciel.Tests.Billing;

/// <summary>
/// Rating once more, another way: it walks through the period second by second, adds what runs in it, and looks up the price of that second.
/// It shares no code with the rater; numbers are whole ten-thousand-millionths.
/// </summary>
internal static class SecondBySecond
{
    private static readonly BigInteger Ten = BigInteger.Pow(10, 10);

    public static List<string> Rate(PriceBook book, int end, IReadOnlyList<Usage> usage)
    {
        var runs = new List<(Price Price, BigInteger Seconds)>();
        for (long second = 0; second < end; second++)
        {
            var running = usage.Where(u => u.Ran.From <= second * 1_000_000 && u.Ran.To >= (second + 1) * 1_000_000).Sum(u => u.Quantity);
            var price = book.Prices.Where(p => p.From <= second * 1_000_000).MaxBy(p => p.From);
            if (price is not null && running > 0)
            {
                runs = runs.Count > 0 && runs[^1].Price == price ? [.. runs[..^1], (price, runs[^1].Seconds + running)] : [.. runs, (price, running)];
            }
        }

        // Minutes with ten decimals; what is beyond them is cut off.
        var quantities = runs.Select(r => (r.Price, Quantity: r.Seconds * Ten / 60)).ToList();
        var all = quantities.Aggregate(BigInteger.Zero, (sum, q) => sum + q.Quantity);
        var (lines, before) = (new List<string>(), BigInteger.Zero);
        foreach (var (price, quantity) in quantities)
        {
            lines.AddRange(price.Tiering == Tiering.Volume ? [Line(quantity, Reached(price, all))] : Graduated(price, before, quantity));
            before += quantity;
        }

        return lines;
    }

    private static BigInteger Reached(Price price, BigInteger all)
    {
        foreach (var step in price.Steps)
        {
            if (step.UpTo is null || (BigInteger)step.UpTo.Value.Units >= all)
            {
                return (BigInteger)step.Each.Units;
            }
        }

        throw new InvalidOperationException("the last step has no end");
    }

    // Drinks the quantity up, step by step.
    private static IEnumerable<string> Graduated(Price price, BigInteger at, BigInteger quantity)
    {
        foreach (var step in price.Steps)
        {
            var room = step.UpTo is { } top ? BigInteger.Max(0, (BigInteger)top.Units - at) : quantity;
            var taken = BigInteger.Min(room, quantity);
            if (taken > 0)
            {
                yield return Line(taken, (BigInteger)step.Each.Units);
            }

            (at, quantity) = (at + taken, quantity - taken);
        }
    }

    private static string Line(BigInteger quantity, BigInteger each) => $"Usage {Text(quantity)} x {Text(each)} = {Text(quantity * each / Ten)}";

    private static string Text(BigInteger units)
    {
        var digits = units.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(11, '0');
        return $"{digits[..^10]}.{digits[^10..]}".TrimEnd('0').TrimEnd('.');
    }
}
