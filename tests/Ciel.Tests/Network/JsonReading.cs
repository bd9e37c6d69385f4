using System.Text.Json;

namespace Ciel.Tests.Network;

internal static class JsonReading
{
    public static string Id(this JsonElement element) => element.GetProperty("id").GetString()!;

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static string[] Strings(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>The addresses of a port.</summary>
    public static string[] Addresses(this JsonElement port) => [.. port.GetProperty("fixed_ips").EnumerateArray().Select(a => a.Text("ip_address")!)];
}
