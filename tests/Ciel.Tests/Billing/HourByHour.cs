using System.Numerics;
using Ciel.Services.Billing.Rating;

namespace Ciel.Tests.Billing;

/// <summary>
/// What packages, reservations and savings plans cover, once more, another way: minute by minute into a table of hours, in whole server-minutes and
/// ten-thousand-millionths of them. One price; it shares no code with the rater.
/// </summary>
internal sealed class HourByHour(BigInteger each, Package[] packages, Reservation[] reservations, SavingsPlan[] plans)
{
    private static readonly BigInteger Ten = BigInteger.Pow(10, 10);
    private readonly Dictionary<string, BigInteger> _taken = [];
    private readonly Dictionary<(string, int), BigInteger> _spent = [];

    /// <summary>Lines as <c>Commitment r 12.5</c>, in the order of stretches; usage with its amount.</summary>
    /// <param name="minutes">How many servers ran in each minute.</param>
    public List<string> Rate(int[] minutes)
    {
        var edges = packages.Select(p => p.Valid).Concat(reservations.Select(r => r.Valid)).Concat(plans.Select(p => p.Valid)).SelectMany(v => (int[])[Minute(v.From), Minute(v.To)])
            .Where(e => e > 0 && e < minutes.Length).Append(0).Append(minutes.Length).Distinct().Order().ToList();
        var (covered, paid) = (new List<string>(), new List<string>());
        foreach (var (from, to) in edges.Zip(edges.Skip(1)))
        {
            BigInteger whole = minutes[from..to].Sum();
            if (whole > 0 && Cover(minutes, from, to, whole, covered) is var left && left > 0)
            {
                paid.Add($"Usage {Text(left)} = {Text(left * each / Ten)}");
            }
        }

        return [.. covered, .. paid];
    }

    private BigInteger Cover(int[] minutes, int from, int to, BigInteger whole, List<string> lines)
    {
        var left = whole * Ten;
        foreach (var package in packages.Where(p => Minute(p.Valid.From) <= from && from < Minute(p.Valid.To)))
        {
            var takes = BigInteger.Min(left, (BigInteger)package.Left.Units - _taken.GetValueOrDefault(package.Id));
            if (takes > 0)
            {
                _taken[package.Id] = _taken.GetValueOrDefault(package.Id) + takes;
                lines.Add($"Package {package.Id} {Text(takes)}");
                left -= takes;
            }
        }

        // What is left of each hour, in millionths of seconds, in proportion to what packages have left of all.
        var open = Enumerable.Range(from, to - from).GroupBy(m => m / 60).ToDictionary(g => g.Key, g => g.Sum(m => (long)minutes[m]) * 60_000_000 * left / (whole * Ten));
        foreach (var (id, take) in Commitments(from, to).TakeWhile(_ => left > 0).ToList())
        {
            BigInteger sum = 0;
            foreach (var hour in open.Keys.Order().ToList())
            {
                var taken = BigInteger.Min(open[hour], take(hour, open[hour]));
                (open[hour], sum) = (open[hour] - taken, sum + taken);
            }

            if (sum * Ten / 60_000_000 is var quantity && quantity > 0)
            {
                lines.Add($"Commitment {id} {Text(quantity)}");
                left -= quantity;
            }
        }

        return left;
    }

    private IEnumerable<(string Id, Func<int, BigInteger, BigInteger> Take)> Commitments(int from, int to)
    {
        foreach (var r in reservations.Where(r => Minute(r.Valid.From) <= from && from < Minute(r.Valid.To)))
        {
            yield return (r.Id, (hour, _) => (BigInteger)r.Units * 60_000_000 * (Math.Min(to, (hour + 1) * 60) - Math.Max(from, hour * 60)));
        }

        foreach (var p in plans.Where(p => Minute(p.Valid.From) <= from && from < Minute(p.Valid.To)))
        {
            yield return (p.Id, (hour, sum) => Affordable(p, hour, sum));
        }
    }

    private BigInteger Affordable(SavingsPlan plan, int hour, BigInteger sum)
    {
        var cheaper = each - (each * (BigInteger)plan.Percent.Units / (Ten * 100));
        var cost = sum * Ten / 60_000_000 * cheaper / Ten;
        var money = (BigInteger)plan.PerHour.Units - _spent.GetValueOrDefault((plan.Id, hour));
        _spent[(plan.Id, hour)] = _spent.GetValueOrDefault((plan.Id, hour)) + BigInteger.Min(cost, money);
        return cost <= money ? sum : sum * money / cost;
    }

    private static int Minute(long micros) => (int)(micros / 60_000_000);

    /// <summary>A number of ten-thousand-millionths as the rater writes it.</summary>
    public static string Text(BigInteger units)
    {
        var digits = units.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(11, '0');
        return $"{digits[..^10]}.{digits[^10..]}".TrimEnd('0').TrimEnd('.');
    }
}
