using System.Net.Sockets;
using System.Text.Json;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Reads the body of a create.</summary>
internal static class ServerInput
{
    public static NewServer Read(Input body, Call call)
    {
        var version = call.Version;
        var input = body.Object("server");
        var (hints, group) = ReadHints(body);
        body.Done();
        var (min, max) = Counts(input);
        var (zone, host) = Place(input, call);
        var server = new NewServer
        {
            Name = ServerFields.Name(input, required: true)!,
            HostName = version >= 90 ? ServerFields.HostName(input) : null,
            Description = version >= 19 ? ServerFields.Description(input) : null,
            ImageRef = Image(input),
            FlavorRef = ServerFields.Ref(input, "flavorRef"),
            KeyName = input.OptionalString("key_name", 1),
            UserData = ServerFields.UserData(input),
            Metadata = ServerFields.Metadata(input, "metadata"),
            SecurityGroups = Groups(input),
            Networks = NetworkInput.Read(input, version),
            Zone = zone,
            WantedHost = host,
            MinCount = min,
            MaxCount = max,
            ReturnReservation = input.OptionalBoolean("return_reservation_id") ?? false,
            AdminPass = input.OptionalString("adminPass"),
            DiskConfig = ServerFields.DiskConfig(input, "MANUAL"),
            AccessIpV4 = ServerFields.Address(input, "accessIPv4", AddressFamily.InterNetwork) ?? "",
            AccessIpV6 = ServerFields.Address(input, "accessIPv6", AddressFamily.InterNetworkV6) ?? "",
            Tags = version >= 52 ? ServerFields.Tags(input) : [],
            Hints = hints,
            GroupId = group,
        };
        RefuseWhatIsNotOffered(input, version);
        input.Done();
        return server;
    }

    private static (int Min, int Max) Counts(Input input)
    {
        var min = input.OptionalInteger("min_count", 1);
        var max = input.OptionalInteger("max_count", 1) ?? min ?? 1;
        return (min ?? 1) <= max ? ((int)(min ?? 1), (int)max) : throw Fault.BadRequest("min_count must be <= max_count");
    }

    // "zone", "zone:host" or, from 2.74, fields of their own: a host may be named by administrators only.
    private static (string Zone, string? Host) Place(Input input, Call call)
    {
        var parts = (input.OptionalString("availability_zone") ?? "").Split(':');
        var host = parts.Length > 1 && parts[1].Length > 0 ? parts[1] : parts.Length > 2 && parts[2].Length > 0 ? parts[2] : null;
        if (parts.Length > 3)
        {
            throw Fault.BadRequest("Unable to parse availability zone. The form is ZONE:HOST:NODE.");
        }

        if (host is not null)
        {
            call.Actor.RequireAdmin("os_compute_api:servers:create:forced_host");
        }

        var named = call.Version >= 74 ? input.OptionalString("host", 1) ?? input.OptionalString("hypervisor_hostname", 1) : null;
        if (named is not null)
        {
            call.Actor.RequireAdmin("compute:servers:create:requested_destination");
        }

        return (parts[0], named ?? host);
    }

    private static string Image(Input input)
    {
        var mapped = BlockDevices.RootImage(input);
        if (!input.Has("imageRef") || input.IsNull("imageRef"))
        {
            return mapped ?? throw Fault.BadRequest("Invalid imageRef provided.");
        }

        var text = input.OptionalString("imageRef", 0, 1024)!;
        var id = text[(text.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/');
        return id.Length > 0 ? ServerFields.Uuid(input, "imageRef", id) : mapped ?? throw Fault.BadRequest("Invalid imageRef provided.");
    }

    private static IReadOnlyList<string>? Groups(Input input)
    {
        if (input.OptionalObjects("security_groups") is not { Count: > 0 } groups)
        {
            return null;
        }

        var names = new List<string>();
        foreach (var group in groups)
        {
            names.Add(group.String("name"));
            group.Done();
        }

        return [.. names.Distinct()];
    }

    private static (Hints Hints, string? Group) ReadHints(Input body)
    {
        var hints = body.OptionalObject("os:scheduler_hints") ?? body.OptionalObject("OS-SCH-HNT:scheduler_hints");
        if (hints is null)
        {
            return (Hints.None, null);
        }

        var group = hints.OptionalString("group");
        return (
            new Hints(Ids(hints, "same_host"), Ids(hints, "different_host")),
            group is null ? null : ServerFields.Uuid(hints, "group", group));
    }

    private static List<string> Ids(Input hints, string name)
    {
        if (hints.Raw(name) is not { ValueKind: not JsonValueKind.Null } raw)
        {
            return [];
        }

        IEnumerable<string> ids = raw.ValueKind == JsonValueKind.String ? [raw.GetString()!] : hints.OptionalStrings(name) ?? [];
        return [.. ids.Select(id => ServerFields.Uuid(hints, name, id))];
    }

    private static void RefuseWhatIsNotOffered(Input input, int version)
    {
        if (input.OptionalBoolean("config_drive") == true)
        {
            throw Fault.BadRequest("Config drives are not offered here: leave config_drive out and read the metadata at http://169.254.169.254.");
        }

        if (version < 57)
        {
            Personality.Refuse(input);
        }

        if (version >= 63 && input.OptionalStrings("trusted_image_certificates", 50) is { Count: > 0 })
        {
            throw Fault.BadRequest("Signed images are not checked here: leave trusted_image_certificates out.");
        }
    }
}
