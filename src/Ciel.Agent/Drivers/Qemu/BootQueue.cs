using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>
/// As many machines boot at once as the host has cores; the others wait in order. A place is free again when the guest shows its
/// first sign on the network, after 30 s, or when the machine ends.
/// </summary>
internal sealed class BootQueue(int width, GuestSigns signs, TimeProvider time) : IDisposable
{
    /// <summary>By then a guest without a network has booted, or never will.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim places = new(width, width);

    /// <summary>A place if one is free now.</summary>
    public BootPlace? TryEnter() => places.Wait(0) ? new BootPlace(places, signs) : null;

    /// <summary>Waits for a place.</summary>
    public async Task<BootPlace> Enter(CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        return new BootPlace(places, signs);
    }

    /// <summary>The guest runs from now on: listen for its signs.</summary>
    public void Booting(BootPlace place, IReadOnlyList<NicSpec> nics) => place.LeaveWhenSeen(nics, time, Longest);

    public void Dispose() => places.Dispose();
}

/// <summary>A place in the boot queue; disposing it, however often, gives it back once.</summary>
internal sealed class BootPlace(SemaphoreSlim places, GuestSigns signs) : IDisposable
{
    private Action<string>? listener;
    private ITimer? timer;
    private int left;

    /// <summary>Gives the place back at the first sign of one of these interfaces, or after the time given.</summary>
    public void LeaveWhenSeen(IReadOnlyList<NicSpec> nics, TimeProvider time, TimeSpan longest)
    {
        listener = port =>
        {
            if (nics.Any(nic => nic.PortId == port))
            {
                Dispose();
            }
        };
        signs.Heard += listener;
        timer = time.CreateTimer(_ => Dispose(), null, longest, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref left, 1) == 0)
        {
            signs.Heard -= listener;
            timer?.Dispose();
            places.Release();
        }
    }
}
