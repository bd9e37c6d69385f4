using System.Text;
using System.Text.Json.Nodes;

namespace Ciel.Tests.Attack;

/// <summary>Bodies that no API asks for.</summary>
internal static class Junk
{
    /// <summary>Values that stand where others belong.</summary>
    public static string[] Values { get; } =
    [
        "null", "true", "-1", "0", "99999999999999999999", "1e400", "1.5", "9223372036854775807", "2147483648", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"../../etc/passwd\"",
        "\"'; DROP TABLE quota; --\"", "\"\\ud83d\\ude00\\u202e\"", "\"10.0.0.0/33\"", "\"::ffff:1.2.3.4/0\"", "\"" + new string('x', 5000) + "\"", "[]", "[null]", "[[]]", "[1,\"a\",{}]", "{}", "{\"\":{}}",
        "{\"a\":null}",
    ];

    /// <summary>Whole bodies of nothing, of anything, and of too much.</summary>
    public static IReadOnlyList<byte[]> Bodies { get; } =
    [
        [], "{"u8.ToArray(), "{}"u8.ToArray(), "[]"u8.ToArray(), "[{}]"u8.ToArray(), "null"u8.ToArray(), "7"u8.ToArray(), "\"x\""u8.ToArray(), "{\"a\":1,\"a\":2}"u8.ToArray(), "{\"a\":1}{"u8.ToArray(),
        "{\"\\u0000\":1}"u8.ToArray(), [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], [0xef, 0xbb, 0xbf, 0x7b, 0x7d], "<xml/>"u8.ToArray(),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100)),
        Encoding.UTF8.GetBytes(new string('[', 100) + new string(']', 100)),
    ];

    /// <summary>A good body with each of its values, and each of its lists' items, replaced in turn by each junk value.</summary>
    public static IEnumerable<string> Spoil(string body)
    {
        var places = Places(JsonNode.Parse(body)!, []).ToArray();
        return from place in places from value in Values select Replace(body, place, value);
    }

    private static IEnumerable<object[]> Places(JsonNode node, object[] path) => node switch
    {
        JsonObject o => o.SelectMany(p => Below(p.Value, [.. path, p.Key])),
        JsonArray a => a.SelectMany((e, i) => Below(e, [.. path, i])),
        _ => [],
    };

    private static IEnumerable<object[]> Below(JsonNode? node, object[] path) => node is null ? [path] : Places(node, path).Prepend(path);

    // A string stands in the place first, because some junk is no value that a node could hold.
    private static string Replace(string body, object[] path, string value)
    {
        const string Mark = "here-comes-junk";
        var root = JsonNode.Parse(body)!;
        var parent = root;
        foreach (var step in path[..^1])
        {
            parent = step is int i ? parent[i]! : parent[(string)step]!;
        }

        if (path[^1] is int last)
        {
            parent[last] = Mark;
        }
        else
        {
            parent[(string)path[^1]] = Mark;
        }

        return root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }
}
