using Ciel.Core.Errors;

namespace Ciel.Services.Network;

/// <summary>Cutting subnets from pools.</summary>
internal static class SubnetPoolRules
{
    /// <summary>The range that a subnet gets.</summary>
    /// <param name="pool">The pool, held.</param>
    /// <param name="subnet">What it is for.</param>
    /// <param name="taken">What was cut from the pool.</param>
    /// <param name="wanted">Null for any.</param>
    /// <param name="length">Null for the pool's own.</param>
    /// <exception cref="Fault">400 or 409 where it cannot be had.</exception>
    public static Cidr Choose(SubnetPool pool, Subnet subnet, IReadOnlyList<Subnet> taken, Cidr? wanted, int? length)
    {
        if (pool.IpVersion != subnet.IpVersion)
        {
            throw Fault.BadRequest($"Cannot associate subnet of IPv{subnet.IpVersion} with subnetpool {pool.Id} of IPv{pool.IpVersion}.");
        }

        var prefix = wanted?.Prefix ?? length ?? pool.DefaultPrefix;
        if (prefix < pool.MinPrefix)
        {
            throw Fault.BadRequest($"Unable to allocate subnet with prefix length {prefix}, minimum allowed prefix is {pool.MinPrefix}.", "MinPrefixSubnetAllocationError");
        }

        if (prefix > pool.MaxPrefix)
        {
            throw Fault.BadRequest($"Unable to allocate subnet with prefix length {prefix}, maximum allowed prefix is {pool.MaxPrefix}.", "MaxPrefixSubnetAllocationError");
        }

        CheckQuota(pool, subnet, taken, prefix);
        var ranges = taken.Select(t => t.Range).ToArray();
        if (wanted is { } range)
        {
            return Prefixes(pool).Any(p => p.Contains(range)) && !ranges.Any(r => r.Overlaps(range))
                ? range
                : throw Failed("Cannot allocate requested subnet from the available set of prefixes.");
        }

        return FirstFree(Prefixes(pool), ranges, prefix) ?? throw Failed($"Insufficient prefix space to allocate subnet size /{prefix}");
    }

    public static IReadOnlyList<Cidr> Prefixes(SubnetPool pool) => [.. NetworkJson.Strings(pool.Prefixes).Select(p => Cidr.Parse(p)!.Value)];

    /// <summary>Joins ranges that touch and drops those within others.</summary>
    public static IReadOnlyList<Cidr> Compact(IEnumerable<Cidr> prefixes)
    {
        var result = new List<Cidr>();
        foreach (var next in prefixes.OrderBy(p => p.First).ThenBy(p => p.Prefix))
        {
            if (result.Count > 0 && result[^1].Contains(next))
            {
                continue;
            }

            result.Add(next);
            while (result.Count > 1 && result[^1].Prefix == result[^2].Prefix && result[^1].Prefix > 0
                && Cidr.Around(result[^2].First, result[^2].Prefix - 1) is var both && both.Contains(result[^1]) && both.First == result[^2].First)
            {
                result.RemoveRange(result.Count - 2, 2);
                result.Add(both);
            }
        }

        return result;
    }

    // Each round steps over at least one range that is taken, so it ends after as many rounds as there are.
    private static Cidr? FirstFree(IReadOnlyList<Cidr> prefixes, Cidr[] taken, int length)
    {
        foreach (var prefix in prefixes.Where(p => p.Prefix <= length))
        {
            Cidr? candidate = Cidr.Around(prefix.First, length);
            while (candidate is { } range && prefix.Contains(range))
            {
                var blocking = taken.Where(t => t.Overlaps(range)).ToArray();
                if (blocking.Length == 0)
                {
                    return range;
                }

                var last = blocking.Select(b => b.Last).Append(range.Last).Max();
                candidate = Cidr.Around(last, length).Next();
            }
        }

        return null;
    }

    private static void CheckQuota(SubnetPool pool, Subnet subnet, IReadOnlyList<Subnet> taken, int prefix)
    {
        if (pool.DefaultQuota is not { } quota)
        {
            return;
        }

        var used = taken.Where(t => t.ProjectId == subnet.ProjectId).Aggregate(UInt128.Zero, (sum, t) => sum + Units(pool, t.Range.Prefix));
        if (used + Units(pool, prefix) > (UInt128)quota)
        {
            throw Fault.Conflict("Per-tenant subnet pool prefix quota exceeded.", "SubnetPoolQuotaExceeded");
        }
    }

    private static UInt128 Units(SubnetPool pool, int prefix) => pool.IpVersion == 4
        ? UInt128.One << (32 - prefix)
        : prefix >= 64 ? 1 : UInt128.One << (64 - prefix);

    private static Fault Failed(string reason) => Fault.Conflict($"Failed to allocate subnet: {reason}", "SubnetAllocationError");
}
