using System.Runtime.InteropServices;
using Ciel.Services.Billing.Calendar;
using Ciel.Services.Billing.Prices;
using static Ciel.Services.Billing.Calendar.Micros;

namespace Ciel.Services.Billing.Rating;

/// <summary>
/// How much of one product ran in each stretch of time, and whose. Only sums are kept, exact, so that how usage was split into spans and in
/// which order it came changes nothing.
/// </summary>
internal sealed class Measured(Product product, IReadOnlyList<Period> stretches)
{
    private readonly Dictionary<(string Project, string Resource), Int128>[] _sums = [.. stretches.Select(_ => new Dictionary<(string, string), Int128>())];
    private readonly Dictionary<long, Int128>[] _hours = [.. stretches.Select(_ => new Dictionary<long, Int128>())];
    private readonly Dictionary<(long Quantity, string Unit, string Attributes), Int128?> _sizes = [];
    private const int MostSizes = 1000;

    /// <summary>Whether sums per clock hour are kept too, for commitments.</summary>
    public bool Hourly { get; init; }

    /// <summary>Adds what ran, where it is this product.</summary>
    /// <returns>Whether it is.</returns>
    public bool Add(Usage usage)
    {
        if (!product.Unit.Timed || Size(usage.Meter, usage.Quantity, usage.Unit, usage.Attributes) is not { } size)
        {
            return false;
        }

        for (var i = 0; i < stretches.Count; i++)
        {
            var ran = stretches[i].Meet(usage.Ran);
            if (!ran.IsEmpty)
            {
                Sum(i, usage.Project, usage.Resource, checked(size * ran.Length));
                AddHours(i, ran, size);
            }
        }

        return true;
    }

    /// <summary>Adds what was counted, where it is this product: it belongs to the instant at which its counting began.</summary>
    /// <returns>Whether it is.</returns>
    public bool Add(Counted counted)
    {
        if (product.Unit.Timed || Size(counted.Meter, counted.Quantity, counted.Unit, counted.Attributes) is not { } size)
        {
            return false;
        }

        for (var i = 0; i < stretches.Count; i++)
        {
            if (stretches[i].Contains(counted.At))
            {
                Sum(i, counted.Project, counted.Resource, size);
            }
        }

        return true;
    }

    /// <summary>What each resource has of a stretch, by project and resource.</summary>
    public IReadOnlyList<(string Project, string Resource, Int128 Sum)> Of(int stretch) =>
        [.. _sums[stretch].Where(s => s.Value != 0).Select(s => (s.Key.Project, s.Key.Resource, s.Value))
            .OrderBy(s => s.Project, StringComparer.Ordinal).ThenBy(s => s.Resource, StringComparer.Ordinal)];

    /// <summary>The sums of a stretch per clock hour (UTC), in order; empty unless <see cref="Hourly"/>.</summary>
    public IReadOnlyList<(long Hour, Int128 Sum)> Hours(int stretch) => [.. _hours[stretch].OrderBy(h => h.Key).Select(h => (h.Key, h.Value))];

    // How much of the smallest unit that is. Attributes repeat from span to span, and reading them is what costs; they are few for each resource, so few are kept.
    private Int128? Size(string meter, long quantity, string unit, string attributes)
    {
        if (meter != product.Meter)
        {
            return null;
        }

        if (!_sizes.TryGetValue((quantity, unit, attributes), out var size))
        {
            size = product.Of(meter, quantity, unit, attributes) is { } found && product.Unit.Takes(found.Unit) ? checked(found.Quantity * SaleUnit.Smallest(found.Unit)) : null;
            if (_sizes.Count == MostSizes)
            {
                _sizes.Clear();
            }

            _sizes[(quantity, unit, attributes)] = size;
        }

        return size;
    }

    private void Sum(int stretch, string project, string resource, Int128 amount)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums[stretch], (project, resource), out _);
        sum = checked(sum + amount);
    }

    private void AddHours(int stretch, Period ran, Int128 size)
    {
        for (var from = ran.From; Hourly && from < ran.To;)
        {
            var hour = from / Hour;
            var to = Math.Min((hour + 1) * Hour, ran.To);
            CollectionsMarshal.GetValueRefOrAddDefault(_hours[stretch], hour, out _) += size * (to - from);
            from = to;
        }
    }
}
