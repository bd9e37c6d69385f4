using Ciel.Core.Errors;

namespace Ciel.Services.Network;

/// <summary>What holds between the attributes of one rule.</summary>
internal static class GroupRuleRules
{
    /// <exception cref="Fault">400 with Neutron's name for what is wrong.</exception>
    public static void Check(GroupRule rule)
    {
        CheckRemote(rule);
        if (rule.Protocol is null)
        {
            if (rule.PortMin is not null || rule.PortMax is not null)
            {
                throw Fault.BadRequest("Must also specify protocol if port range is given.", "SecurityGroupProtocolRequiredWithPorts");
            }

            return;
        }

        var v6 = rule.Ethertype == GroupRule.IPv6;
        var number = Protocols.Number(rule.Protocol, v6) ?? throw Fault.BadRequest(
            $"Security group rule protocol {rule.Protocol} not supported. Only protocol values [None, {string.Join(", ", Protocols.Names)}] and integer representations [0 to 255] are supported.",
            "SecurityGroupRuleInvalidProtocol");
        if (!v6 && rule.Protocol.StartsWith("ipv6-", StringComparison.Ordinal))
        {
            throw Fault.BadRequest($"Invalid ethertype {rule.Ethertype} for protocol {rule.Protocol}.", "SecurityGroupEthertypeConflictWithProtocol");
        }

        if (Protocols.IsIcmp(number))
        {
            CheckIcmp(rule);
        }
        else if (Protocols.HasPorts(number))
        {
            CheckPorts(rule);
        }
        else if (rule.PortMin is not null || rule.PortMax is not null)
        {
            throw Fault.BadRequest("Port range cannot be specified when protocol is set to a value other than TCP, UDP, SCTP, DCCP, UDP-Lite or ICMP.", "SecurityGroupInvalidProtocolForPort");
        }
    }

    private static void CheckRemote(GroupRule rule)
    {
        if (new[] { rule.RemoteCidr, rule.RemoteGroupId, rule.RemoteAddressGroupId }.Count(r => r is not null) > 1)
        {
            throw Fault.BadRequest("Only remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.", "SecurityGroupMultipleRemoteEntites");
        }

        if (rule.RemoteCidr is null)
        {
            return;
        }

        var cidr = Cidr.Parse(rule.RemoteCidr) ?? throw Fault.BadRequest(
            $"Invalid input for remote_ip_prefix. Reason: '{rule.RemoteCidr}' is not a valid IP subnet.");
        if (cidr.Version != (rule.Ethertype == GroupRule.IPv4 ? 4 : 6))
        {
            throw Fault.BadRequest($"Conflicting value ethertype {rule.Ethertype} for CIDR {rule.RemoteCidr}", "SecurityGroupRuleParameterConflict");
        }
    }

    private static void CheckIcmp(GroupRule rule)
    {
        if (rule.PortMin is < 0 or > 255)
        {
            throw Fault.BadRequest($"Invalid value for ICMP type (port-range-min) {rule.PortMin}. It must be 0 to 255.", "SecurityGroupInvalidIcmpValue");
        }

        if (rule.PortMax is < 0 or > 255)
        {
            throw Fault.BadRequest($"Invalid value for ICMP code (port-range-max) {rule.PortMax}. It must be 0 to 255.", "SecurityGroupInvalidIcmpValue");
        }

        if (rule is { PortMin: null, PortMax: not null })
        {
            throw Fault.BadRequest($"ICMP code (port-range-max) {rule.PortMax} is provided but ICMP type (port-range-min) is missing.", "SecurityGroupMissingIcmpType");
        }
    }

    private static void CheckPorts(GroupRule rule)
    {
        foreach (var port in new[] { rule.PortMin, rule.PortMax })
        {
            if (port is < 0 or > 65535)
            {
                throw Fault.BadRequest($"Invalid value for port {port}", "SecurityGroupInvalidPortValue");
            }
        }

        if (rule.PortMin is null != rule.PortMax is null || rule.PortMin > rule.PortMax)
        {
            throw Fault.BadRequest("For TCP/UDP protocols, port_range_min must be <= port_range_max", "SecurityGroupInvalidPortRange");
        }
    }
}
