using System.Globalization;
using System.Text.RegularExpressions;
using Ciel.Core.Errors;
using Microsoft.AspNetCore.Http;

namespace Ciel.Services.Images.Data;

/// <summary>One range of bytes (RFC 9110, 14.1.2).</summary>
/// <param name="First">The first byte.</param>
/// <param name="Count">How many.</param>
internal readonly partial record struct ByteRange(long First, long Count)
{
    /// <summary>The range that the request asks for; null where it asks for all.</summary>
    /// <exception cref="Fault">416 for a range that is not one, or lies beyond the end.</exception>
    public static ByteRange? Read(HttpRequest request, long length)
    {
        if (!request.Headers.TryGetValue("Range", out var header))
        {
            return null;
        }

        var match = Form().Match(header.ToString());
        var (first, last) = (Number(match, "first"), Number(match, "last"));
        if (!match.Success || (first is null && last is null))
        {
            throw Unsatisfiable(length);
        }

        var (from, to) = first is null ? (Math.Max(0, length - last!.Value), length - 1) : (first.Value, Math.Min(last ?? long.MaxValue, length - 1));
        return from <= to ? new ByteRange(from, to - from + 1) : throw Unsatisfiable(length);
    }

    private static long? Number(Match match, string name) =>
        long.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static Fault Unsatisfiable(long length) => new(416, "RequestedRangeNotSatisfiable", "The range is not one range of bytes within the image.")
    {
        Headers = new Dictionary<string, string> { ["Content-Range"] = $"bytes */{length.ToString(CultureInfo.InvariantCulture)}" },
    };

    [GeneratedRegex(@"^bytes=(?<first>\d{0,18})-(?<last>\d{0,18})\z")]
    private static partial Regex Form();
}
