using Ciel.Core.Ledger;
using Ciel.Services.ObjectStorage.Objects;

namespace Ciel.Services.ObjectStorage.Metering;

/// <summary>
/// What a bucket held from its first change since the last look until now. The integral is exact whatever came and went between: what the open span
/// says, times its length, and each change times how long ago it was.
/// </summary>
/// <param name="From">The first change, µs UTC: until then the open span is true.</param>
/// <param name="To">Now; not before what is written already, where two look at once.</param>
/// <param name="Mean">Bytes that come, over the stretch, to the integral or, by less than one byte, less.</param>
/// <param name="Rest">What they fall short of it, byte times µs; the next stretch counts it. Negative where a change became known too late.</param>
/// <param name="Bytes">What it holds now.</param>
internal sealed record StoredStretch(long From, long To, long Mean, Int128 Rest, long Bytes)
{
    /// <param name="open">The open span; null where nothing was held.</param>
    /// <param name="written">Until when spans are written.</param>
    /// <param name="shards">What changed.</param>
    /// <param name="now">µs UTC.</param>
    public static StoredStretch Of(UsageSpan? open, long written, IReadOnlyList<UsageShard> shards, long now)
    {
        var to = Math.Max(now, written);
        var from = Math.Clamp(shards.Min(s => s.MovedAt) ?? to, written, to);
        var length = to - from;
        var changes = shards.Aggregate(Int128.Zero, (sum, s) => sum + ((Int128)s.Moved * to) - new Moment(s.MomentHigh, s.MomentLow).Value);
        var integral = ((Int128)(open?.Quantity ?? 0) * length) + changes;
        var mean = length > 0 ? (long)Int128.Clamp(integral / length, 0, long.MaxValue) : 0;
        return new(from, to, mean, integral - ((Int128)mean * length), shards.Sum(s => s.Bytes));
    }
}
