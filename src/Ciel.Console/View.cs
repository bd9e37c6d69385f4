using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ciel.WebConsole;

/// <summary>Reads the doors' JSON into what a page shows.</summary>
internal static class View
{
    public static string Name(JsonElement thing) => Text(thing, "name") is { Length: > 0 } name ? name : Text(thing, "id");

    public static IReadOnlyList<Machine> Machines(JsonElement answer) => [.. answer.GetProperty("servers").EnumerateArray().Select(Machine)];

    public static IReadOnlyList<Network> Networks(JsonElement networks, JsonElement subnets)
    {
        var ranges = subnets.GetProperty("subnets").EnumerateArray().ToLookup(s => Text(s, "network_id"), s => Text(s, "cidr"));
        return
        [
            .. networks.GetProperty("networks").EnumerateArray().Select(n => new Network(
                Name(n), Text(n, "status"), n.TryGetProperty("router:external", out var external) && external.ValueKind == JsonValueKind.True, string.Join(", ", ranges[Text(n, "id")]))),
        ];
    }

    public static IReadOnlyList<Image> Images(JsonElement answer) =>
    [
        .. answer.GetProperty("images").EnumerateArray().Select(i => new Image(
            Name(i), Text(i, "status"), Text(i, "disk_format"), i.GetProperty("size") is { ValueKind: JsonValueKind.Number } size ? size.GetInt64() : 0)),
    ];

    public static IReadOnlyList<Allowance> Allowances(JsonElement answer)
    {
        var limits = answer.GetProperty("limits").GetProperty("absolute");
        Allowance Of(string name, string used, string limit) => new(name, limits.GetProperty(used).GetInt64(), limits.GetProperty(limit).GetInt64());
        return
        [
            Of("Machines", "totalInstancesUsed", "maxTotalInstances"),
            Of("Cores", "totalCoresUsed", "maxTotalCores"),
            Of("Memory, MiB", "totalRAMUsed", "maxTotalRAMSize"),
        ];
    }

    /// <summary>A size for people: 1024 bytes are 1 KiB.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < units.Length - 1; unit++)
        {
            value /= 1024;
        }

        return value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    /// <summary>The sentence in an error's body, whichever service's shape it has.</summary>
    public static string Sentence(byte[] body)
    {
        try
        {
            var root = JsonDocument.Parse(body).RootElement;
            var error = root.ValueKind == JsonValueKind.Object
                ? root.EnumerateObject().Select(p => p.Value).FirstOrDefault(v => v.ValueKind == JsonValueKind.Object && v.TryGetProperty("message", out _))
                : default;
            return error.ValueKind == JsonValueKind.Object ? Text(error, "message") : "The cloud refused without saying why.";
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(body);
        }
    }

    private static Machine Machine(JsonElement server)
    {
        var addresses = server.GetProperty("addresses").EnumerateObject().SelectMany(n => n.Value.EnumerateArray()).Select(a => Text(a, "addr"));
        var task = Text(server, "OS-EXT-STS:task_state");
        var status = Text(server, "status");
        return new Machine(
            Name(server),
            task.Length > 0 ? $"{status} ({task})" : status,
            task.Length > 0 || status is "BUILD",
            Text(server.GetProperty("flavor"), "original_name"),
            string.Join(", ", addresses),
            Text(server, "created"),
            server.TryGetProperty("fault", out var fault) ? Text(fault, "message") : null);
    }

    private static string Text(JsonElement thing, string name) =>
        thing.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
