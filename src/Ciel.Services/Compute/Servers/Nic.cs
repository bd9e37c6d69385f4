namespace Ciel.Services.Compute;

/// <summary>A port that a server has.</summary>
/// <param name="PortId">The port.</param>
/// <param name="ServerId">The server.</param>
/// <param name="Slot">Its order, and the PCI slot counted from the first one for networks.</param>
/// <param name="Owned">Whether it was made for the server and goes with it.</param>
internal sealed record Nic(string PortId, string ServerId, long Slot, bool Owned);
