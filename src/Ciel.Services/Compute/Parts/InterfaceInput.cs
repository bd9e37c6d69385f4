using System.Net;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Reads the body of an attach (Compute API reference, "Create Interface").</summary>
internal static class InterfaceInput
{
    /// <exception cref="Fault">400 in Nova's words.</exception>
    public static NicWish Read(Input body, int version)
    {
        var input = body.OptionalObject("interfaceAttachment");
        body.Done();
        if (input is null)
        {
            return new NicWish(null, null, null, null);
        }

        var network = Uuid(input, "net_id");
        var port = Uuid(input, "port_id");
        var address = Address(input);
        var tag = version >= 49 ? input.OptionalString("tag", 1, 60) : null;
        input.Done();
        if (tag is not null)
        {
            ServerFields.CheckTag(tag);
        }

        return network is not null && port is not null ? throw Fault.BadRequest("Must not input both network_id and port_id")
            : address is not null && network is null ? throw Fault.BadRequest("Must input network_id when request IP address")
            : new NicWish(port, network, address, tag);
    }

    private static string? Uuid(Input input, string name) => input.OptionalString(name) is { } text ? ServerFields.Uuid(input, name, text) : null;

    private static string? Address(Input input)
    {
        if (input.OptionalObjects("fixed_ips") is not { } all)
        {
            return null;
        }

        if (all.Count != 1)
        {
            throw input.Refuse("fixed_ips", "[...]", all.Count == 0 ? "[] is too short" : "[...] is too long");
        }

        var address = all[0].String("ip_address");
        all[0].Done();
        return IPAddress.TryParse(address, out _) ? address : throw all[0].Refuse("ip_address", address, $"'{address}' is not a 'ipv4' or 'ipv6'");
    }
}
