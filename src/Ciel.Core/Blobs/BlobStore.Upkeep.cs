using System.Buffers;
using Ciel.Core.Errors;

namespace Ciel.Core.Blobs;

// What the sweep, the scrub and the check ask.
public sealed partial class BlobStore
{
    internal static IReadOnlyList<string> Shards { get; } = [.. Enumerable.Range(0, 256).Select(n => n.ToString("x2"))];

    /// <summary>The folder's name.</summary>
    internal string Service { get; }

    internal BlobOptions Options => _options;

    /// <summary>The blobs that were found damaged and are still there.</summary>
    internal IReadOnlyList<Damage> Damages => [.. _damages.All().Where(d => IsId(d.Id) && Has(d.Id))];

    /// <summary>The ids in one shard, in order.</summary>
    internal IReadOnlyList<string> Ids(string shard) => [.. _files.List(shard).Where(IsId).Order(StringComparer.Ordinal)];

    /// <summary>The ids in one shard that are older than the grace: made so long ago that their row, if any, is committed.</summary>
    internal IReadOnlyList<string> Old(string shard, TimeSpan grace) => [.. Ids(shard).Where(id => IsOld(id, grace))];

    internal bool IsOld(string id, TimeSpan grace) => MadeAt(id) <= (_time.GetUtcNow() - grace).ToUnixTimeMilliseconds();

    /// <summary>Whether there is a file of that id, whole or not.</summary>
    internal bool Has(string id)
    {
        try
        {
            using var file = _files.Open(PathOf(id));
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Verifies a blob's blocks from the disk itself, not from memory.</summary>
    /// <param name="id">The blob.</param>
    /// <param name="offset">Where to begin: a whole number of blocks.</param>
    /// <param name="most">About how many bytes to verify.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Where it stopped, and whether the blob ends there.</returns>
    /// <exception cref="Fault">404 where there is none; otherwise it is damaged, and on the list.</exception>
    internal (long At, bool Ended) Verify(string id, long offset, long most, CancellationToken cancel)
    {
        using var blob = Get(id);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            blob.Forget();
            for (var end = Math.Min(blob.Length, offset + Math.Min(most, blob.Length)); offset < end;)
            {
                cancel.ThrowIfCancellationRequested();
                offset += blob.Read(buffer, offset);
            }

            blob.Forget();
            return (offset, offset >= blob.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes a blob off the list of the damaged.</summary>
    internal void Absolve(string id) => _damages.Remove(id);

    /// <summary>Takes those off the list of the damaged that are gone.</summary>
    internal void ForgetGone()
    {
        foreach (var damage in _damages.All().Where(d => IsId(d.Id) && !Has(d.Id)))
        {
            Absolve(damage.Id);
        }
    }

    private static bool IsId(string id) => id.Length == 36 && Guid.TryParseExact(id, "D", out _);

    private static long MadeAt(string id) => Convert.ToInt64(id[..8] + id[9..13], 16);
}
