namespace Ciel.Agent.Drivers.Qemu;

/// <summary>Hands out one user id for each machine. What is taken is kept in the machines' own state files.</summary>
internal sealed class Uids(int first, int count)
{
    private readonly Lock door = new();
    private readonly HashSet<int> taken = [];
    private int offset;

    /// <summary>Takes an id that nobody has, the longest unused first.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public int Take()
    {
        lock (door)
        {
            for (var i = 0; i < count; i++)
            {
                offset = (offset + 1) % count;
                if (taken.Add(first + offset))
                {
                    return first + offset;
                }
            }

            throw new InvalidOperationException($"all {count} users for machines are taken");
        }
    }

    /// <summary>Marks an id as taken by a machine that was found again.</summary>
    public void Claim(int uid)
    {
        lock (door)
        {
            taken.Add(uid);
        }
    }

    /// <summary>Gives an id back.</summary>
    public void Release(int uid)
    {
        lock (door)
        {
            taken.Remove(uid);
        }
    }
}
