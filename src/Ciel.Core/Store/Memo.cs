using System.Collections.Concurrent;

namespace Ciel.Core.Store;

/// <summary>Remembers what was worked out for a key, at most <paramref name="limit"/> of them; then it starts afresh.</summary>
internal sealed class Memo<TKey, TValue>(int limit, Func<TKey, TValue> make)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> known = new();

    public TValue this[TKey key] => known.TryGetValue(key, out var value) ? value : Add(key);

    private TValue Add(TKey key)
    {
        if (known.Count >= limit) known.Clear();
        return known.GetOrAdd(key, make);
    }
}
