using System.Text.Json;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>An interface as the kernel has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mac">Hardware address.</param>
/// <param name="Mtu">Bytes.</param>
/// <param name="Master">The bridge that it belongs to; null for none.</param>
/// <param name="Up">Administrative state.</param>
/// <param name="Addresses">With prefix; without those that the kernel gave itself.</param>
internal sealed record Link(string Name, string Mac, int Mtu, string? Master, bool Up, IReadOnlyList<string> Addresses)
{
    /// <summary>Reads the output of <c>ip -json address</c>.</summary>
    public static Dictionary<string, Link> ParseAll(string json)
    {
        using var document = JsonDocument.Parse(json.Length == 0 ? "[]" : json);

        // ip prints an empty object for an interface that does not match.
        return document.RootElement.EnumerateArray().Where(link => link.TryGetProperty("ifname", out _)).Select(Parse)
            .ToDictionary(link => link.Name);
    }

    private static Link Parse(JsonElement link) => new(
        link.GetProperty("ifname").GetString()!,
        link.TryGetProperty("address", out var mac) ? mac.GetString()! : "",
        link.GetProperty("mtu").GetInt32(),
        link.TryGetProperty("master", out var master) ? master.GetString() : null,
        link.GetProperty("flags").EnumerateArray().Any(flag => flag.ValueEquals("UP")),
        [.. link.TryGetProperty("addr_info", out var addresses) ? addresses.EnumerateArray().Where(IsGiven).Select(Address) : []]);

    private static bool IsGiven(JsonElement address) => address.TryGetProperty("local", out _)
        && !(address.GetProperty("family").ValueEquals("inet6") && address.GetProperty("scope").ValueEquals("link"));

    private static string Address(JsonElement address) =>
        $"{address.GetProperty("local").GetString()}/{address.GetProperty("prefixlen").GetInt32()}";
}
