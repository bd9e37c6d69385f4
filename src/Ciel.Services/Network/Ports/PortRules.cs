using Ciel.Core.Errors;

namespace Ciel.Services.Network;

/// <summary>What holds between the attributes of one port.</summary>
internal static class PortRules
{
    /// <exception cref="Fault">409 where port security is off and something needs it.</exception>
    public static void Check(Port port, IReadOnlyCollection<string> groups)
    {
        if (port.PortSecurity)
        {
            return;
        }

        if (groups.Count > 0)
        {
            throw Fault.Conflict("Port has security group associated. Cannot disable port security or IP address until security group is removed.", "PortSecurityPortHasSecurityGroup");
        }

        if (NetworkJson.AddressPairs(port.AllowedPairs).Count > 0)
        {
            throw Fault.Conflict("Port Security must be enabled in order to have allowed address pairs on a port.", "AddressPairAndPortSecurityRequired");
        }
    }
}
