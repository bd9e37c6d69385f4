namespace Ciel.Services.ObjectStorage.Listing;

/// <summary>One page of a listing.</summary>
/// <param name="Items">Entries in their order.</param>
/// <param name="Prefixes">What keys have in common up to the delimiter.</param>
/// <param name="Next">Where the next page begins; null for the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, IReadOnlyList<string> Prefixes, Position? Next)
{
    /// <summary>The last thing that was listed: a key, or a common prefix.</summary>
    public string? LastName { get; init; }
}

/// <summary>Reads entries behind a position, in order, at most so many.</summary>
internal delegate Task<List<T>> Fetch<T>(Position after, string? end, int most);

/// <summary>
/// Walks along the keys. At a common prefix it seeks past all that begin with it, so that a listing costs by what it shows and not by what
/// the bucket holds.
/// </summary>
internal sealed class Walk<T>(Fetch<T> fetch, Func<T, Position> positionOf, string prefix, string? delimiter, int most)
{
    private const int FirstTake = 16;
    private readonly List<T> _items = [];
    private readonly List<string> _prefixes = [];
    private readonly string? _end = prefix.Length == 0 ? null : Position.Successor(prefix);
    private string? _lastName;

    public async Task<Page<T>> Run(Position? start)
    {
        var at = start is null || IsBefore(start.Key, prefix) ? Position.Before(prefix) : start;
        var take = string.IsNullOrEmpty(delimiter) ? most + 1 : FirstTake;
        while (most > 0)
        {
            var batch = await fetch(at, _end, take);
            var (next, full) = Consume(batch, at);
            if (full)
            {
                return Done(next);
            }

            if (next is null || batch.Count < take)
            {
                break;
            }

            (at, take) = (next, Math.Min(take * 2, 1000));
        }

        return Done(null);
    }

    // What comes next, and whether the page is full. Where a common prefix came last, next lies past it; null where nothing can follow.
    private (Position? Next, bool Full) Consume(List<T> batch, Position at)
    {
        foreach (var entry in batch)
        {
            var position = positionOf(entry);
            var common = CommonOf(position.Key);
            if (common is not null && _prefixes.Count > 0 && _prefixes[^1] == common)
            {
                continue;
            }

            if (_items.Count + _prefixes.Count == most)
            {
                return (at, true);
            }

            if (common is null)
            {
                _items.Add(entry);
                (at, _lastName) = (position, position.Key);
                continue;
            }

            _prefixes.Add(common);
            _lastName = common;
            if (Position.Past(common) is not { } past)
            {
                return (null, false);
            }

            at = past;
        }

        return (at, false);
    }

    private Page<T> Done(Position? next) => new(_items, _prefixes, next) { LastName = _lastName };

    private string? CommonOf(string key)
    {
        if (string.IsNullOrEmpty(delimiter))
        {
            return null;
        }

        var at = key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + delimiter.Length)];
    }

    private static bool IsBefore(string a, string b) => System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b)) < 0;
}
