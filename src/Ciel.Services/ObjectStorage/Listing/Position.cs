namespace Ciel.Services.ObjectStorage.Listing;

/// <summary>A place in the order of keys, behind which a listing goes on: the key, then the version's rank or the upload's id.</summary>
internal sealed record Position(string Key, long Rank = long.MaxValue, string Id = "")
{
    /// <summary>Before the first entry of a key.</summary>
    public static Position Before(string key) => new(key, long.MinValue);

    /// <summary>Behind every key that begins with the prefix; null where there can be none.</summary>
    public static Position? Past(string prefix) => Successor(prefix) is { } next ? Before(next) : null;

    /// <summary>
    /// The first text, in the order of UTF-8's bytes, that is greater than all that begin with this one; null where none is. Code points
    /// sort as their UTF-8 does.
    /// </summary>
    public static string? Successor(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToArray();
        for (var i = runes.Length - 1; i >= 0; i--)
        {
            if (runes[i].Value < 0x10FFFF)
            {
                var next = runes[i].Value == 0xD7FF ? 0xE000 : runes[i].Value + 1;
                return string.Concat(runes.Take(i).Select(r => r.ToString())) + char.ConvertFromUtf32(next);
            }
        }

        return null;
    }
}
