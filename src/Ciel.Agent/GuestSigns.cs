namespace Ciel.Agent;

/// <summary>
/// Signs of life of the guests on this node. The network driver calls <see cref="Seen"/> when a DHCP or metadata request enters on
/// a port's tap; the boot queue listens, because a guest that asks for its address has its hardest work behind it.
/// </summary>
internal sealed class GuestSigns
{
    /// <summary>A guest asked for something; the argument is the port's id. Handlers return at once.</summary>
    public event Action<string>? Heard;

    /// <summary>Says that the guest behind a port asked for something. Any thread, as often as it likes.</summary>
    public void Seen(string portId) => Heard?.Invoke(portId);
}
