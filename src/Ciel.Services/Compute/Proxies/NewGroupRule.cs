using System.Net;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>A rule as Nova's old page asks for it.</summary>
internal sealed record NewGroupRule(string ParentId, string? Protocol, int? From, int? To, string? Cidr, string? GroupId)
{
    public static NewGroupRule Read(Input input)
    {
        var parent = ServerFields.Uuid(input, "parent_group_id", input.String("parent_group_id"));
        var protocol = input.OptionalString("ip_protocol")?.ToLowerInvariant();
        var (from, to) = (Port(input, "from_port"), Port(input, "to_port"));
        var group = input.OptionalString("group_id");
        var cidr = input.OptionalString("cidr");
        input.Done();
        Check(protocol, from, to);
        if (cidr is not null && !IPNetwork.TryParse(cidr, out _) && !IPAddress.TryParse(cidr, out _))
        {
            throw Fault.BadRequest($"Invalid cidr {cidr}.");
        }

        return new NewGroupRule(parent, protocol, from, to, group is null ? cidr ?? "0.0.0.0/0" : null, group);
    }

    /// <summary>The same in Neutron's words.</summary>
    public object Attributes() => new
    {
        security_group_id = ParentId,
        direction = "ingress",
        ethertype = Cidr?.Contains(':', StringComparison.Ordinal) == true ? "IPv6" : "IPv4",
        protocol = Protocol,
        port_range_min = From is -1 ? null : From,
        port_range_max = To is -1 ? null : To,
        remote_ip_prefix = Cidr,
        remote_group_id = GroupId,
    };

    private static int? Port(Input input, string name) => (int?)input.OptionalInteger(name, -1, 65535);

    private static void Check(string? protocol, int? from, int? to)
    {
        if (protocol is not (null or "tcp" or "udp" or "icmp"))
        {
            throw Fault.BadRequest($"Invalid IP protocol {protocol}.");
        }

        if (protocol is "tcp" or "udp" && (from is null or < 0 || to is null or < 0 || from > to))
        {
            throw Fault.BadRequest($"Invalid port range {from}:{to}. Valid {protocol} ports should be between 1-65535");
        }
    }
}
