using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>
/// Which port has which address. The primary key (subnet, address) decides, so no two ports ever share one. A free address is
/// guessed, which needs no look at the others while there is room; the subnet's addresses are read only when guessing fails.
/// </summary>
internal static class Ipam
{
    private const int Guesses = 8;

    /// <summary>Gives the port that address.</summary>
    /// <returns>False where another has it.</returns>
    public static async Task<bool> Take(Tx tx, Port port, string subnetId, Ip address, int position) => await tx.Execute(
        """
        INSERT INTO network_address (subnet_id, address, port_id, network_id, position)
        VALUES (@subnetId, @address, @Id, @NetworkId, @position) ON CONFLICT DO NOTHING
        """,
        new { subnetId, address = address.ToString(), port.Id, port.NetworkId, position }) == 1;

    /// <summary>Gives the port any free address of the subnet's pools.</summary>
    /// <returns>Null where there is none.</returns>
    public static async Task<Ip?> TakeAny(Tx tx, Port port, Subnet subnet, int position)
    {
        var pools = NetworkJson.Pools(subnet.AllocationPools);
        var room = pools.Aggregate(UInt128.Zero, (sum, pool) => sum + Pools.Size(pool));
        if (room == 0)
        {
            return null;
        }

        for (var attempt = 0; attempt < Guesses; attempt++)
        {
            var guess = At(pools, Chance.Below(room, port.Id, subnet.Id, attempt));
            if (await Take(tx, port, subnet.Id, guess, position))
            {
                return guess;
            }
        }

        return await TakeFromRest(tx, port, subnet, pools, position);
    }

    /// <summary>Whether a pool has a free address.</summary>
    public static async Task<bool> HasRoom(Reader reader, Subnet subnet) => Free(NetworkJson.Pools(subnet.AllocationPools), await Taken(reader, subnet)) is not null;

    /// <summary>How many addresses each subnet of the networks has given out.</summary>
    public static async Task<Dictionary<string, long>> Used(Reader reader, IReadOnlyCollection<string> networkIds) => (await reader.Query<(string Subnet, long Used)>(
        "SELECT subnet_id, COUNT(*) FROM network_address WHERE network_id IN @networkIds GROUP BY subnet_id", new { networkIds })).ToDictionary(u => u.Subnet, u => u.Used);

    /// <summary>Takes all of a port's addresses back.</summary>
    public static Task Release(Tx tx, string portId) => tx.Execute("DELETE FROM network_address WHERE port_id = @portId", new { portId });

    /// <summary>The address at that place when all pools are laid end to end.</summary>
    internal static Ip At(IReadOnlyList<Pool> pools, UInt128 place)
    {
        foreach (var pool in pools)
        {
            var size = Pools.Size(pool);
            if (place < size)
            {
                return Pools.Range(pool).Start.Plus(place);
            }

            place -= size;
        }

        throw new ArgumentOutOfRangeException(nameof(place));
    }

    // Nearly full. Others may take what is free between the look and the grasp: each failure means that one more is gone.
    private static async Task<Ip?> TakeFromRest(Tx tx, Port port, Subnet subnet, IReadOnlyList<Pool> pools, int position)
    {
        while (true)
        {
            var free = Free(pools, await Taken(tx, subnet));
            if (free is null)
            {
                return null;
            }

            if (await Take(tx, port, subnet.Id, free.Value, position))
            {
                return free;
            }
        }
    }

    private static async Task<HashSet<string>> Taken(Reader reader, Subnet subnet) =>
        [.. await reader.Query<string>("SELECT address FROM network_address WHERE subnet_id = @Id", new { subnet.Id })];

    // The walk ends after at most one step more than there are taken addresses.
    private static Ip? Free(IReadOnlyList<Pool> pools, HashSet<string> taken)
    {
        foreach (var pool in pools)
        {
            var (start, end) = Pools.Range(pool);
            for (var address = start; address <= end; address = address.Plus(1))
            {
                if (!taken.Contains(address.ToString()))
                {
                    return address;
                }

                if (address == end)
                {
                    break;
                }
            }
        }

        return null;
    }
}
