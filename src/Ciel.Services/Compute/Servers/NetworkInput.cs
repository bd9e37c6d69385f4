using System.Net;
using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Reads <c>networks</c> of a create.</summary>
internal static class NetworkInput
{
    public const int MostNics = 16;

    public static NetworkWish Read(Input input, int version)
    {
        var raw = input.Raw("networks");
        if (raw is null or { ValueKind: JsonValueKind.Null })
        {
            return version >= 37
                ? throw Fault.BadRequest($"Invalid input for field/attribute server. Value: {{...}}. 'networks' is a required property")
                : new NetworkWish(null);
        }

        if (version >= 37 && raw.Value.ValueKind == JsonValueKind.String)
        {
            return raw.Value.GetString() switch
            {
                "auto" => new NetworkWish(null, Auto: true),
                "none" => new NetworkWish([]),
                var other => throw input.Refuse("networks", other!, $"'{other}' is not one of ['none', 'auto']"),
            };
        }

        var nics = input.OptionalObjects("networks")!.Select(n => One(n, version)).ToArray();
        return nics.Length > MostNics ? throw Fault.BadRequest($"A server has {MostNics} network interfaces at most.")
            : nics.Length > 0 ? new NetworkWish(nics)
            : version >= 37 ? throw input.Refuse("networks", "[]", "[] is too short")
            : new NetworkWish(null);
    }

    private static NicWish One(Input input, int version)
    {
        var port = input.OptionalString("port", 1);
        var network = input.OptionalString("uuid", 1);
        var address = input.OptionalString("fixed_ip", 1);
        var tag = version is >= 32 and <= 36 or >= 42 ? input.OptionalString("tag", 1, 60) : null;
        input.Done();
        if (tag is not null)
        {
            ServerFields.CheckTag(tag);
        }

        if (address is not null && !IPAddress.TryParse(address, out _))
        {
            throw input.Refuse("fixed_ip", address, $"'{address}' is not a 'ipv4' or 'ipv6'");
        }

        if (port is not null)
        {
            ServerFields.Uuid(input, "port", port);
            return address is null
                ? new NicWish(port, null, null, tag)
                : throw Fault.BadRequest($"Specified Fixed IP '{address}' cannot be used with port '{port}': the two cannot be specified together.");
        }

        return network is null
            ? throw Fault.BadRequest("Bad networks format: network uuid is not in proper format (None)")
            : new NicWish(null, ServerFields.Uuid(input, "uuid", network), address, tag);
    }
}
