using Ciel.Core.Errors;

namespace Ciel.Services.Network;

/// <summary>Allocation pools of a subnet, as ranges of addresses, both ends included.</summary>
internal static class Pools
{
    /// <summary>Every address that a host may have, but the gateway's.</summary>
    public static IReadOnlyList<Pool> Default(Cidr cidr, Ip? gateway)
    {
        var (first, last) = Usable(cidr);
        if (gateway is not { } hole || hole < first || hole > last)
        {
            return [new Pool(first.ToString(), last.ToString())];
        }

        var pools = new List<Pool>();
        if (hole > first)
        {
            pools.Add(new Pool(first.ToString(), hole.Minus(1).ToString()));
        }

        if (hole < last)
        {
            pools.Add(new Pool(hole.Plus(1).ToString(), last.ToString()));
        }

        return pools;
    }

    /// <summary>The addresses that hosts may have: not the network's own, nor IPv4's broadcast address.</summary>
    public static (Ip First, Ip Last) Usable(Cidr cidr) => cidr.First.Bits - cidr.Prefix <= 1
        ? (cidr.First, cidr.Last)
        : (cidr.First.Plus(1), cidr.Version == 4 ? cidr.Last.Minus(1) : cidr.Last);

    public static (Ip Start, Ip End) Range(Pool pool) => (Ip.Parse(pool.Start)!.Value, Ip.Parse(pool.End)!.Value);

    public static UInt128 Size(Pool pool)
    {
        var (start, end) = Range(pool);
        return end.Value - start.Value + 1;
    }

    /// <summary>Checks pools that a user gave and answers them in canonical text.</summary>
    public static IReadOnlyList<Pool> Checked(IReadOnlyList<Pool> pools, Cidr cidr)
    {
        var (first, last) = Usable(cidr);
        var ranges = new List<(Ip Start, Ip End)>();
        foreach (var pool in pools)
        {
            if (Ip.Parse(pool.Start) is not { } start || Ip.Parse(pool.End) is not { } end || start > end || start.Version != cidr.Version || end.Version != cidr.Version)
            {
                throw Fault.BadRequest($"The allocation pool {pool.Start}-{pool.End} is not valid.", "InvalidAllocationPool");
            }

            if (start < first || end > last)
            {
                throw Fault.BadRequest($"The allocation pool {start}-{end} spans beyond the subnet cidr {cidr}.", "OutOfBoundsAllocationPool");
            }

            ranges.Add((start, end));
        }

        ranges.Sort((a, b) => a.Start.CompareTo(b.Start));
        foreach (var (one, next) in ranges.Zip(ranges.Skip(1)))
        {
            if (next.Start <= one.End)
            {
                throw Fault.Conflict(
                    $"Found overlapping allocation pools: {one.Start}-{one.End} {next.Start}-{next.End} for subnet {cidr}.", "OverlappingAllocationPools");
            }
        }

        return [.. ranges.Select(r => new Pool(r.Start.ToString(), r.End.ToString()))];
    }

    /// <summary>Refuses a gateway that a port might get.</summary>
    public static void KeepGatewayOut(IReadOnlyList<Pool> pools, Ip gateway)
    {
        foreach (var pool in pools)
        {
            var (start, end) = Range(pool);
            if (gateway >= start && gateway <= end)
            {
                throw Fault.Conflict($"Gateway ip {gateway} conflicts with allocation pool {pool.Start}-{pool.End}.", "GatewayConflictWithAllocationPools");
            }
        }
    }
}
