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

    internal IReadOnlyList<BlobDisk> Disks => _disks;

    /// <summary>The blobs that were found damaged and are still there.</summary>
    internal IReadOnlyList<Damage> Damages => [.. _damages.All().Where(d => BlobDisk.IsId(d.Id) && Has(d.Id))];

    /// <summary>The ids in one shard, in order.</summary>
    internal IReadOnlyList<string> Ids(string shard) =>
        [.. _disks.SelectMany(d => Listed(d, shard)).Where(BlobDisk.IsId).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The ids in one shard that are older than the grace: made so long ago that their row, if any, is committed.</summary>
    internal IReadOnlyList<string> Old(string shard, TimeSpan grace) => [.. Ids(shard).Where(id => IsOld(id, grace))];

    internal bool IsOld(string id, TimeSpan grace) => MadeAt(id) <= (_time.GetUtcNow() - grace).ToUnixTimeMilliseconds();

    /// <summary>Whether a disk has a file of that id, whole or not.</summary>
    internal bool Has(string id) => _disks.Any(d => d.Has(id));

    /// <summary>The disks that have it.</summary>
    internal IReadOnlyList<BlobDisk> Holding(string id) => [.. _disks.Where(d => d.Has(id))];

    /// <summary>Verifies a blob's blocks from the disk itself, not from memory.</summary>
    /// <param name="id">The blob.</param>
    /// <param name="offset">Where to begin: a whole number of blocks.</param>
    /// <param name="most">About how many bytes to verify.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="disk">The copy on that disk, which is mended where another is whole; null for the first whole one.</param>
    /// <returns>Where it stopped, whether the blob ends there, and how many bad copies were met.</returns>
    /// <exception cref="Fault">404 where there is none; otherwise no copy is whole, and it is on the list.</exception>
    internal (long At, bool Ended, int Bad) Verify(string id, long offset, long most, CancellationToken cancel, BlobDisk? disk = null)
    {
        using var blob = new BlobContent(this, id, disk is null ? _disks : [disk, .. _disks.Where(d => d != disk)]);
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
            return (offset, offset >= blob.Length, blob.Bad);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Brings the copies of a blob up to their number, as far as there are disks with room.</summary>
    /// <returns>How many were made.</returns>
    internal int Spread(string id)
    {
        var having = Holding(id);
        var missing = having.Count == 0 ? 0 : _options.Copies - having.Count;
        return missing <= 0 ? 0 : WithRoom(0).Except(having).Take(missing).Count(disk => Mend(id, disk));
    }

    /// <summary>Replaces what a disk has of a blob by a copy of another's, which is verified as it is read.</summary>
    /// <returns>False where the disk does not take it, or no other copy is whole; the scrub tries again.</returns>
    internal bool Mend(string id, BlobDisk disk)
    {
        var buffer = _buffers.Rent();
        try
        {
            using var source = new BlobContent(this, id, [.. _disks.Where(d => d != disk)]);
            using var draft = BlobDraft.Begin([disk], 1, Path.Combine(BlobDisk.Incoming, _ids.Hex()), LeftOut);
            var sums = new BlockSums();
            for (long at = 0; at < source.Length;)
            {
                var piece = buffer.Span[..Fill(source, buffer.Span, at)];
                sums.Append(piece);
                draft.Write(piece);
                at += piece.Length;
            }

            draft.Write(sums.Finish(id, source.Length));
            draft.Finish(id, sync: true).GetAwaiter().GetResult();
            return true;
        }
        catch (Exception e) when (e is IOException or Fault)
        {
            LeftOut(disk.Name, e);
            return false;
        }
        finally
        {
            _buffers.Return(buffer);
        }
    }

    /// <summary>Takes a blob off the list of the damaged.</summary>
    internal void Absolve(string id) => _damages.Remove(id);

    /// <summary>Takes those off the list of the damaged that are gone.</summary>
    internal void ForgetGone()
    {
        foreach (var damage in _damages.All().Where(d => BlobDisk.IsId(d.Id) && !Has(d.Id)))
        {
            Absolve(damage.Id);
        }
    }

    private IEnumerable<string> Listed(BlobDisk disk, string shard)
    {
        try
        {
            return disk.Files.List(shard);
        }
        catch (IOException e) when (_disks.Count > 1)
        {
            LeftOut(disk.Name, e);
            return [];
        }
    }

    // Whole pieces, as the block sums and the disk want them.
    private static int Fill(BlobContent source, Span<byte> piece, long at)
    {
        var have = 0;
        while (have < piece.Length && source.Read(piece[have..], at + have) is > 0 and var read)
        {
            have += read;
        }

        return have;
    }

    private static long MadeAt(string id) => Convert.ToInt64(id[..8] + id[9..13], 16);
}
