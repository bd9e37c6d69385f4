namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>A user's own metadata in headers: <c>X-Container-Meta-NAME</c> sets, an empty value or <c>X-Remove-Container-Meta-NAME</c> removes.</summary>
internal static class MetaHeaders
{
    public const int LongestName = 128;
    public const int LongestValue = 256;
    public const int MostItems = 90;
    public const int MostBytes = 4096;

    /// <summary>The metadata as the request changes it, by name in lower case.</summary>
    /// <param name="call">The request.</param>
    /// <param name="what">Account, Container or Object.</param>
    /// <param name="before">What is there.</param>
    /// <param name="keepEmpty">Whether an empty value is one, as objects have it.</param>
    public static Dictionary<string, string> Change(SwiftCall call, string what, IReadOnlyDictionary<string, string> before, bool keepEmpty = false)
    {
        var meta = new Dictionary<string, string>(before);
        foreach (var (name, value) in Read(call, $"X-{what}-Meta-"))
        {
            if (name.Length > LongestName)
            {
                throw SwiftFaults.BadRequest($"Metadata name too long: {name}");
            }

            if (value.Length > LongestValue)
            {
                throw SwiftFaults.BadRequest($"Metadata value longer than {LongestValue}: {name}");
            }

            if (value.Length > 0 || keepEmpty)
            {
                meta[name] = value;
            }
            else
            {
                meta.Remove(name);
            }
        }

        foreach (var (name, _) in Read(call, $"X-Remove-{what}-Meta-"))
        {
            meta.Remove(name);
        }

        return meta.Count > MostItems ? throw SwiftFaults.BadRequest($"Too many metadata items; max {MostItems}")
            : meta.Sum(m => m.Key.Length + m.Value.Length) > MostBytes ? throw SwiftFaults.BadRequest($"Total metadata too large; max {MostBytes}")
            : meta;
    }

    public static void Write(SwiftCall call, string what, IReadOnlyDictionary<string, string> meta)
    {
        foreach (var (name, value) in meta)
        {
            call.Answer($"X-{what}-Meta-{name}", value);
        }
    }

    private static IEnumerable<(string Name, string Value)> Read(SwiftCall call, string prefix) => call.Http.Request.Headers
        .Where(h => h.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && h.Key.Length > prefix.Length)
        // Swift's own server cannot tell the two characters apart.
        .Select(h => (h.Key[prefix.Length..].ToLowerInvariant().Replace('_', '-'), h.Value.ToString()));
}
