using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>What the driver's objects share.</summary>
/// <param name="Instance">The instance's name.</param>
/// <param name="Directory">Where each object has a directory of its own; under <c>/run</c>.</param>
/// <param name="Groups">The control groups of what listens in namespaces, apart from the machines'.</param>
/// <param name="Broker">Opens sockets in namespaces.</param>
/// <param name="Signs">Hears of guests.</param>
/// <param name="Controller">Answers metadata.</param>
/// <param name="Time">The clock.</param>
/// <param name="TapLine">The line for <c>ip -batch</c> that makes a port's tap; tests put something else in its place.</param>
internal sealed record NetHost(
    string Instance,
    string Directory,
    Cgroups Groups,
    NetnsBrokerClient Broker,
    GuestSigns Signs,
    IController Controller,
    TimeProvider Time,
    Func<PortSpec, string> TapLine)
{
    /// <summary>A tap that outlives whoever opens it, with the header that lets guests leave checksums and segmentation to the host.</summary>
    public static string PersistentTap(PortSpec port) => $"tuntap add name {HostNames.Tap(port.Id)} mode tap vnet_hdr";
}
