using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Images;

/// <summary>Filters by time, such as <c>gte:2026-11-22T22:00:00Z</c>: to the second, as clients see it.</summary>
internal static class ImageTimes
{
    private static readonly Dictionary<string, string> Operators =
        new() { ["eq"] = "=", ["neq"] = "<>", ["gt"] = ">", ["gte"] = ">=", ["lt"] = "<", ["lte"] = "<=" };

    public static void Filter(ListQuery list, string column, string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var (compare, text) = colon > 0 && Operators.TryGetValue(value[..colon], out var known)
            ? (known, value[(colon + 1)..])
            : ("=", value);
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) || text.Length < 10)
        {
            throw Fault.BadRequest($"Bad \"{column}\" query filter format. Use \"gte:2026-11-22T22:00:00Z\".");
        }

        var name = $"{column}{list.Args.Count}";
        list.Where($"({column} / 1000000) {compare} @{name}", (name, (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond));
    }
}
