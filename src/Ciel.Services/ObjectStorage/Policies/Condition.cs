using System.Globalization;
using System.Net;
using System.Text.Json;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>One condition: an operator, a key, and the values of which one must hold (IAM User Guide, "Condition operators").</summary>
internal sealed record Condition(string Operator, string Key, IReadOnlyList<string> Expected, bool IfExists, string Quantifier)
{
    private const string IfExistsSuffix = "IfExists";

    public static IReadOnlyList<Condition> Parse(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Policy.Malformed("Condition must be an object");
        }

        return
        [
            .. from op in json.EnumerateObject()
               from key in op.Value.ValueKind == JsonValueKind.Object ? op.Value.EnumerateObject().ToList() : throw Policy.Malformed("Condition must be an object")
               select New(op.Name, key.Name, Words.List(key.Value)),
        ];
    }

    public bool Holds(PolicyRequest request)
    {
        var actual = request.Values(Key);
        if (Operator == "Null")
        {
            return Expected.Any(e => bool.TryParse(e, out var absent) && absent == (actual.Count == 0));
        }

        var negative = Operator.Contains("Not", StringComparison.Ordinal);
        if (actual.Count == 0)
        {
            return IfExists || Quantifier == "ForAllValues" || (negative && Quantifier.Length == 0);
        }

        return Quantifier == "ForAllValues" ? actual.All(One) : actual.Any(One);

        bool One(string value) => Expected.Any(e => Words.Filled(e, request) is { } filled && Compare(filled, value)) != negative;
    }

    private static Condition New(string name, string key, IReadOnlyList<string> values)
    {
        var quantifier = name.StartsWith("ForA", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal) ? name[..name.IndexOf(':', StringComparison.Ordinal)] : "";
        var op = quantifier.Length > 0 ? name[(quantifier.Length + 1)..] : name;
        var ifExists = op.EndsWith(IfExistsSuffix, StringComparison.Ordinal);
        op = ifExists ? op[..^IfExistsSuffix.Length] : op;
        return Known.Contains(op) && quantifier is "" or "ForAllValues" or "ForAnyValue"
            ? new Condition(op, key, values, ifExists, quantifier)
            : throw Policy.Malformed($"Invalid Condition type : {name}");
    }

    private static readonly HashSet<string> Known =
    [
        "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike", "Bool", "Null",
        "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
        "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals",
        "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "BinaryEquals",
    ];

    private bool Compare(string expected, string actual) => Operator switch
    {
        "StringEquals" or "StringNotEquals" or "BinaryEquals" => expected == actual,
        "StringEqualsIgnoreCase" or "StringNotEqualsIgnoreCase" or "Bool" => expected.Equals(actual, StringComparison.OrdinalIgnoreCase),
        "IpAddress" or "NotIpAddress" => InRange(expected, actual),
        _ when Operator.StartsWith("Numeric", StringComparison.Ordinal) => Ordered(Number(expected), Number(actual)),
        _ when Operator.StartsWith("Date", StringComparison.Ordinal) => Ordered(Date(expected), Date(actual)),
        _ => Words.Like(expected, actual, ignoreCase: false),
    };

    private bool Ordered(decimal? expected, decimal? actual) => expected is { } e && actual is { } a && Operator[(Operator[0] == 'N' ? 7 : 4)..] switch
    {
        "LessThan" => a < e,
        "LessThanEquals" => a <= e,
        "GreaterThan" => a > e,
        "GreaterThanEquals" => a >= e,
        _ => a == e,
    };

    private static decimal? Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static decimal? Date(string text) => Instants.ParseIso(text) is { } micros && text.Contains('-', StringComparison.Ordinal) ? micros / 1_000_000m : Number(text);

    // The range may be written by any address in it (10.1.2.3/8), as IAM takes it.
    private static bool InRange(string range, string address)
    {
        var parts = range.Split('/', 2);
        if (!IPAddress.TryParse(parts[0], out var from) || !IPAddress.TryParse(address, out var ip))
        {
            return false;
        }

        var (a, b) = (from.GetAddressBytes(), (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).GetAddressBytes());
        var bits = parts.Length == 1 ? a.Length * 8 : int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : -1;
        if (a.Length != b.Length || bits < 0 || bits > a.Length * 8)
        {
            return false;
        }

        return a.AsSpan(0, bits / 8).SequenceEqual(b.AsSpan(0, bits / 8)) && (bits % 8 == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - (bits % 8)) == 0);
    }
}
