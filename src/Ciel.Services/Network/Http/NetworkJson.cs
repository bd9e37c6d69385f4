using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ciel.Services.Network;

/// <summary>Lists and maps that are kept as JSON in one column.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<Pool>))]
[JsonSerializable(typeof(IReadOnlyList<Route>))]
[JsonSerializable(typeof(IReadOnlyList<AddressPair>))]
[JsonSerializable(typeof(IReadOnlyList<DhcpOption>))]
internal sealed partial class NetworkJson : JsonSerializerContext
{
    public static string Of(string text) => JsonSerializer.Serialize(text, Default.String);

    public static string Of(IReadOnlyList<string> list) => JsonSerializer.Serialize(list, Default.IReadOnlyListString);

    public static string Of(IReadOnlyList<Pool> list) => JsonSerializer.Serialize(list, Default.IReadOnlyListPool);

    public static string Of(IReadOnlyList<Route> list) => JsonSerializer.Serialize(list, Default.IReadOnlyListRoute);

    public static string Of(IReadOnlyList<AddressPair> list) => JsonSerializer.Serialize(list, Default.IReadOnlyListAddressPair);

    public static string Of(IReadOnlyList<DhcpOption> list) => JsonSerializer.Serialize(list, Default.IReadOnlyListDhcpOption);

    public static IReadOnlyList<string> Strings(string json) => JsonSerializer.Deserialize(json, Default.IReadOnlyListString)!;

    public static IReadOnlyList<Pool> Pools(string json) => JsonSerializer.Deserialize(json, Default.IReadOnlyListPool)!;

    public static IReadOnlyList<Route> Routes(string json) => JsonSerializer.Deserialize(json, Default.IReadOnlyListRoute)!;

    public static IReadOnlyList<AddressPair> AddressPairs(string json) => JsonSerializer.Deserialize(json, Default.IReadOnlyListAddressPair)!;

    public static IReadOnlyList<DhcpOption> DhcpOptions(string json) => JsonSerializer.Deserialize(json, Default.IReadOnlyListDhcpOption)!;
}

/// <summary>A range of addresses of a subnet from which ports get theirs.</summary>
internal sealed record Pool(string Start, string End);

/// <summary>A static route.</summary>
internal sealed record Route(string Destination, [property: JsonPropertyName("nexthop")] string NextHop);

/// <summary>A source that a guest may use besides its own address.</summary>
internal sealed record AddressPair(string IpAddress, string MacAddress);

/// <summary>An extra DHCP option of a port.</summary>
internal sealed record DhcpOption(string OptName, string OptValue, int IpVersion);
