namespace Ciel.Agent.Contract;

/// <summary>
/// Names of things on a node's host. All derive from the instance's name (at most 8 characters), so that several Ciels share a
/// host, and from the last 11 characters of a row's id, the random end of a UUIDv7 (interface names hold 15 characters).
/// </summary>
public static class HostNames
{
    /// <summary>A network's namespace.</summary>
    public static string NetworkNamespace(string instance, string networkId) => $"{instance}-n-{Tail(networkId)}";

    /// <summary>A router's namespace.</summary>
    public static string RouterNamespace(string instance, string routerId) => $"{instance}-r-{Tail(routerId)}";

    /// <summary>A machine's tap, inside its network's namespace.</summary>
    public static string Tap(string portId) => "tap" + Tail(portId);

    /// <summary>The bridge's end of a router's leg, inside the network's namespace.</summary>
    public static string RouterPeer(string portId) => "qrp" + Tail(portId);

    /// <summary>The router's end of a leg, inside the router's namespace.</summary>
    public static string RouterLeg(string portId) => "qr-" + Tail(portId);

    /// <summary>The bridge inside each network's namespace.</summary>
    public const string Bridge = "br";

    /// <summary>The one interface on the host.</summary>
    public static string HostInterface(string instance) => instance + "-pub";

    private static string Tail(string id) => id[^11..];
}
