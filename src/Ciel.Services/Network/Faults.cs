using Ciel.Core.Errors;

namespace Ciel.Services.Network;

/// <summary>Neutron's faults by their names.</summary>
internal static class Faults
{
    public static Fault InvalidInput(string message) => Fault.BadRequest("Invalid input for operation: " + message, "InvalidInput");

    public static Fault NetworkNotFound(string id) => Fault.NotFound($"Network {id} could not be found.", "NetworkNotFound");

    public static Fault SubnetNotFound(string id) => Fault.NotFound($"Subnet {id} could not be found.", "SubnetNotFound");

    public static Fault PortNotFound(string id) => Fault.NotFound($"Port {id} could not be found.", "PortNotFound");

    public static Fault RouterNotFound(string id) => Fault.NotFound($"Router {id} could not be found", "RouterNotFound");

    public static Fault GroupNotFound(string id) => Fault.NotFound($"Security group {id} does not exist", "SecurityGroupNotFound");

    public static Fault NetworkInUse(string id) => Fault.Conflict(
        $"Unable to complete operation on network {id}. There are one or more ports still in use on the network.", "NetworkInUse");

    public static Fault SubnetInUse(string id) => Fault.Conflict(
        $"Unable to complete operation on subnet {id}: One or more ports have an IP allocation from this subnet.", "SubnetInUse");

    public static Fault AddressTaken(string address, string subnetId) => Fault.Conflict(
        $"IP address {address} already allocated in subnet {subnetId}", "IpAddressAlreadyAllocated");

    public static Fault NoMoreAddresses(string networkId) => Fault.Conflict(
        $"No more IP addresses available on network {networkId}.", "IpAddressGenerationFailure");

    public static Fault RouterRequest(string message) => Fault.BadRequest("Bad router request: " + message);
}
