namespace Ciel.Services.Compute;

/// <summary>A port that a server has.</summary>
/// <param name="PortId">The port.</param>
/// <param name="ServerId">The server.</param>
/// <param name="Slot">Its order, and the PCI slot counted from the first one for networks.</param>
/// <param name="Owned">Whether it was made for the server and goes with it.</param>
/// <param name="State">One of <see cref="NicStates"/>.</param>
internal sealed record Nic(string PortId, string ServerId, long Slot, bool Owned, string State = NicStates.Plugged)
{
    /// <summary>Whether the machine is to have it.</summary>
    public bool InMachine => State is NicStates.Plugging or NicStates.Plugged;

    /// <summary>Whether it was attached and the machine is not known to have it yet.</summary>
    public bool Attaching => State is NicStates.Wiring or NicStates.Plugging;

    public bool Detaching => State == NicStates.Unplugging;
}

/// <summary>How far a port is on its way into a machine that exists, or out of it.</summary>
internal static class NicStates
{
    /// <summary>Its network does not have it on the node yet.</summary>
    public const string Wiring = "wiring";

    /// <summary>The machine is to have it.</summary>
    public const string Plugging = "plugging";

    /// <summary>The machine has it; of a server that is being built: will have it.</summary>
    public const string Plugged = "plugged";

    /// <summary>The machine is to give it back; then it goes.</summary>
    public const string Unplugging = "unplugging";
}
