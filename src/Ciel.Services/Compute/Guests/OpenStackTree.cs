using System.Buffers;
using System.Text.Json;
using Ciel.Agent.Contract;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>Metadata in OpenStack's form (Nova user guide, "Metadata").</summary>
internal static class OpenStackTree
{
    private static readonly string[] Dates =
    [
        "2012-08-10", "2013-04-04", "2013-10-17", "2015-10-15", "2016-06-30", "2016-10-06", "2017-02-22", "2018-08-27", "2020-10-14",
    ];

    /// <summary>Each file, and the version that brought it.</summary>
    private static readonly (string Name, string Since)[] Files =
    [
        ("meta_data.json", "2012-08-10"), ("user_data", "2012-08-10"), ("password", "2013-04-04"), ("vendor_data.json", "2013-10-17"),
        ("network_data.json", "2015-10-15"), ("vendor_data2.json", "2016-10-06"),
    ];

    /// <summary>Whether a version has a file.</summary>
    public static bool Has(string date, string name) =>
        (date == "latest" || Dates.Contains(date)) && Files.Any(f => f.Name == name && (date == "latest" || string.CompareOrdinal(f.Since, date) <= 0));

    /// <summary>The answer for a path below <c>/openstack</c>; null where there is nothing. The password's page is <see cref="GuestPassword"/>.</summary>
    public static MetadataAnswer? Answer(GuestAsker asker, string[] path) => path switch
    {
        [] => GuestMetadata.Text(200, string.Join('\n', Dates) + "\nlatest"),
        [var date] when date == "latest" || Dates.Contains(date) => GuestMetadata.Text(200, Listing(asker, date)),
        [var date, var name] when !Has(date, name) => null,
        [_, "meta_data.json"] => Json(json => MetaData(json, asker)),
        [_, "user_data"] => asker.UserData is { } data ? new MetadataAnswer(200, "application/octet-stream", data) : null,
        [_, "vendor_data.json" or "vendor_data2.json"] => Json(_ => { }),
        [_, "network_data.json"] => Json(json => NetworkData(json, asker.Ports)),
        _ => null,
    };

    private static string Listing(GuestAsker asker, string date) => string.Join(
        '\n', Files.Select(f => f.Name).Where(name => Has(date, name) && (name != "user_data" || asker.UserData is not null)));

    private static MetadataAnswer Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return new MetadataAnswer(200, "application/json", buffer.WrittenMemory.ToArray());
    }

    private static void MetaData(Utf8JsonWriter json, GuestAsker asker)
    {
        var server = asker.Server;
        json.WriteString("uuid", server.Id);
        var metadata = server.MetadataMap;
        if (metadata.Count > 0)
        {
            ComputeJson.Write(json, "meta", metadata);
        }

        if (server.PublicKey is { } key)
        {
            json.WriteStartObject("public_keys");
            json.WriteString(server.KeyName!, key);
            json.WriteEndObject();
            json.WriteStartArray("keys");
            json.WriteStartObject();
            json.WriteString("name", server.KeyName);
            json.WriteString("type", "ssh");
            json.WriteString("data", key);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteString("hostname", server.HostName);
        json.WriteString("name", server.Name);
        json.WriteNumber("launch_index", server.LaunchIndex);
        json.WriteString("availability_zone", server.Zone);
        json.WriteString("random_seed", Convert.ToBase64String(Seed(server.Id)));
        json.WriteString("project_id", server.ProjectId);
        json.WriteStartArray("devices");
        foreach (var port in asker.Ports.Where(p => p.Tag is not null))
        {
            json.WriteStartObject();
            json.WriteString("type", "nic");
            json.WriteString("bus", "pci");
            json.WriteString("address", "");
            json.WriteString("mac", port.Mac);
            json.WriteStartArray("tags");
            json.WriteStringValue(port.Tag);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("dedicated_cpus");
        json.WriteEndArray();
    }

    private static void NetworkData(Utf8JsonWriter json, IReadOnlyList<PortInfo> ports)
    {
        json.WriteStartArray("links");
        foreach (var port in ports)
        {
            json.WriteStartObject();
            json.WriteString("id", Link(port));
            json.WriteString("vif_id", port.Id);
            json.WriteString("type", "bridge");
            json.WriteNumber("mtu", port.Mtu);
            json.WriteString("ethernet_mac_address", port.Mac);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("networks");
        var number = 0;
        foreach (var (port, address) in ports.SelectMany(p => p.Addresses, (port, address) => (port, address)))
        {
            NetworkDataWire.Network(json, port, address, Link(port), number++);
        }

        json.WriteEndArray();
        json.WriteStartArray("services");
        foreach (var server in ports.SelectMany(p => p.Addresses).SelectMany(a => a.DnsServers).Distinct())
        {
            json.WriteStartObject();
            json.WriteString("type", "dns");
            json.WriteString("address", server);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Link(PortInfo port) => "tap" + port.Id[..11];

    // Guests stir it into their pool; it need not be secret, and the same question has the same answer.
    private static byte[] Seed(string id) => System.Security.Cryptography.SHA512.HashData(System.Text.Encoding.UTF8.GetBytes("seed " + id));
}
