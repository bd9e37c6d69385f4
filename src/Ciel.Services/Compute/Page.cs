using System.Globalization;
using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>The part of a list that a client asks for.</summary>
/// <param name="Limit">At most so many, which may be none; never more than <see cref="Most"/>.</param>
/// <param name="Marker">The last id of the page before; null for the first page.</param>
/// <param name="Asked">Whether the client gave a limit.</param>
internal sealed record Page(int Limit, string? Marker, bool Asked)
{
    /// <summary>The longest page (Nova's max_limit).</summary>
    public const int Most = 1000;

    public static Page Of(Call call)
    {
        var text = call.Query("limit");
        var limit = text is null ? Most : Number(text);
        return new Page(Math.Min(limit, Most), call.Query("marker"), text is not null);
    }

    /// <summary>As <see cref="Of"/>; before that microversion all of the list.</summary>
    public static Page Since(Call call, int minor) => call.Version >= minor ? Of(call) : new Page(Most, null, false);

    /// <summary>What comes behind the marker.</summary>
    /// <exception cref="Fault">400 where the marker is not in the list.</exception>
    public IEnumerable<T> Behind<T>(IReadOnlyList<T> rows, Func<T, string> id)
    {
        var from = Marker is null ? 0 : 1 + rows.ToList().FindIndex(r => id(r) == Marker);
        return Marker is null || from > 0 ? rows.Skip(from) : throw Fault.BadRequest($"marker [{Marker}] not found");
    }

    /// <summary>The id for the link to the next page: where this one is full.</summary>
    public string? Next<T>(IReadOnlyList<T> rows, Func<T, string> id) => rows.Count == Limit && Limit > 0 ? id(rows[^1]) : null;

    private static int Number(string text) =>
        text.Length < 10 && text.All(char.IsAsciiDigit) && text.Length > 0
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : throw Fault.BadRequest($"Invalid input for query parameters limit. Value: {text}. '{text}' does not match '^[0-9]*$'");
}
