using System.Globalization;
using System.Text.Json.Nodes;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>An interface as QEMU's device. Its ids derive from the port's, so that what a QEMU has tells which ports are plugged.</summary>
internal static class NicDevice
{
    private const string Device = "nic-";
    private const string Netdev = "net-";

    /// <summary>The device's id.</summary>
    public static string Id(NicSpec nic) => Device + HostNames.Tap(nic.PortId);

    /// <summary>The id of a device's end towards the host.</summary>
    public static string NetdevOf(string id) => Netdev + id[Device.Length..];

    /// <summary>Whether a device's id is an interface's.</summary>
    public static bool IsOne(string id) => id.StartsWith(Device, StringComparison.Ordinal);

    /// <summary>The device, for the command line or QMP's <c>device_add</c>.</summary>
    public static JsonObject Of(NicSpec nic) => new()
    {
        ["driver"] = "virtio-net-pci",
        ["id"] = Id(nic),
        ["netdev"] = NetdevOf(Id(nic)),
        ["mac"] = nic.Mac,
        ["host_mtu"] = nic.Mtu,
        ["bus"] = "pci.0",
        ["addr"] = string.Create(CultureInfo.InvariantCulture, $"0x{nic.Slot:x}"),
        ["romfile"] = "",
    };
}
