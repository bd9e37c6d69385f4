using System.Numerics;

namespace Ciel.Services.Billing.Amounts;

/// <summary>Parts a whole by weights so that the parts add up to it to the last unit.</summary>
internal static class Shares
{
    /// <summary>As <see cref="Of"/>, in whole units of money.</summary>
    public static Fixed[] OfMoney(Fixed whole, IReadOnlyList<Int128> weights, Currency money)
    {
        var unit = money.Unit.Units;
        return [.. Of(Fixed.Of(whole.Units / unit), weights).Select(part => Fixed.Of(part.Units * unit))];
    }

    /// <summary>
    /// The part of each weight, in the same order. Each is cut where the running sum of weights falls, so what rounding leaves over is spread
    /// and never lost; the same input gives the same parts.
    /// </summary>
    /// <param name="whole">What is parted.</param>
    /// <param name="weights">Not negative. Where all are zero the first takes the whole.</param>
    public static Fixed[] Of(Fixed whole, IReadOnlyList<Int128> weights)
    {
        var parts = new Fixed[weights.Count];
        var all = weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + (BigInteger)weight);
        var (soFar, given) = (BigInteger.Zero, Fixed.Zero);
        for (var i = 0; i < parts.Length; i++)
        {
            soFar += (BigInteger)weights[i];
            var upTo = all.IsZero ? whole : Fixed.Of((Int128)BigInteger.Divide((BigInteger)whole.Units * soFar, all));
            parts[i] = upTo - given;
            given = upTo;
        }

        return parts;
    }
}
