using System.Collections.Concurrent;

namespace Ciel.Services.ObjectStorage.Settings;

/// <summary>What stored documents say, each parsed once because every request asks. Where there are too many all are forgotten.</summary>
/// <param name="parse">Reads one.</param>
internal sealed class DocumentCache<TDocument, T>(Func<TDocument, T> parse)
    where TDocument : notnull
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<TDocument, T> _parsed = new();

    public T Of(TDocument document)
    {
        if (_parsed.Count > Most)
        {
            _parsed.Clear();
        }

        return _parsed.GetOrAdd(document, parse);
    }
}
