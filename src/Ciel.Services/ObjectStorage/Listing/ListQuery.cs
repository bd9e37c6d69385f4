using System.Xml;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Listing;

/// <summary>What all listings of keys take.</summary>
internal sealed record ListQuery(string Prefix, string? Delimiter, int Most, bool Encode)
{
    private const int MostKeys = 1000;

    public static ListQuery Of(S3Call call, string maxName = "max-keys")
    {
        var encoding = call.Query("encoding-type");
        // Ceph's word for a listing that may be in any order, which ours need not be; it has no common prefixes there.
        if (call.Query("allow-unordered") == "true" && call.Query("delimiter") is { Length: > 0 } both)
        {
            throw Faults.InvalidArgument("delimiter", both, "A listing with allow-unordered has no delimiter");
        }

        return encoding is null or "url"
            ? new ListQuery(call.Query("prefix") ?? "", call.Query("delimiter") is { Length: > 0 } d ? d : null, call.Query(maxName) is { Length: > 0 } ? call.Number(maxName, MostKeys, 0, MostKeys) : MostKeys, encoding is not null)
            : throw Faults.InvalidArgument("encoding-type", encoding, "Invalid Encoding Method specified in Request");
    }

    /// <summary>The place behind a marker. One that is itself a common prefix stands for all keys below it.</summary>
    public Position? After(string marker) => marker.Length == 0 ? null
        : Delimiter is not null && marker.StartsWith(Prefix, StringComparison.Ordinal) && marker.Length > Prefix.Length
            && marker.IndexOf(Delimiter, Prefix.Length, StringComparison.Ordinal) == marker.Length - Delimiter.Length
            ? Position.Past(marker)
            : new Position(marker);

    /// <summary>A name as the client wants it: slashes stay.</summary>
    public string? Encoded(string? text) => text is null || !Encode ? text : Percent.Encode(text, "/");

    public void WritePrefixes(XmlWriter xml, IEnumerable<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            xml.Element("CommonPrefixes", () => xml.Text("Prefix", Encoded(prefix)));
        }
    }
}
