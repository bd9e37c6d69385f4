using System.Buffers;
using System.IO.Pipelines;
using Ciel.Core;
using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Encrypting;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>The bytes of objects: small ones in their rows, the rest as blobs. Nothing else of this service touches blobs.</summary>
internal sealed class ObjectBytes(ObjectBlobs store, ISecrets secrets)
{
    /// <summary>Up to here an object's bytes stand in its row, so that the group commit makes both durable at once.</summary>
    public const int MostInline = 32 * 1024;

    // Every piece sent costs a wait for the client, so that large ones reach twice the rate; slow clients hold theirs for long, so only some get one.
    private const int LargePiece = 512 * 1024;
    private const int SmallPiece = 64 * 1024;
    private const int MostLarge = 64;
    private readonly BlobStore _blobs = store.Store;
    private int _large;

    /// <summary>Takes a stream to its end; durable when it returns.</summary>
    /// <param name="source">What comes in.</param>
    /// <param name="key">Encrypts; null for plain.</param>
    /// <param name="mayInline">Whether a row follows that can hold small ones.</param>
    /// <param name="most">More bytes are refused.</param>
    /// <param name="relaxed">Whether blobs need not be durable when it returns.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Content> Take(Stream source, byte[]? key, bool mayInline, long most, bool relaxed, CancellationToken cancel)
    {
        var nonce = key is null ? null : Nonce();
        var stream = key is null ? source : new KeyedStream(source, new KeyStream(key, nonce!));
        var text = nonce is null ? null : Convert.ToHexStringLower(nonce);
        var head = ArrayPool<byte>.Shared.Rent(MostInline + 1);
        try
        {
            var read = await stream.ReadAtLeastAsync(head.AsMemory(0, MostInline + 1), MostInline + 1, throwOnEndOfStream: false, cancel);
            if (read == 0)
            {
                return Content.Empty;
            }

            if (read <= MostInline && mayInline)
            {
                return new Content([new Piece("", read, text)], head[..read]);
            }

            var blob = await _blobs.Put(new PrefixedStream(head.AsMemory(0, read), stream), new BlobIntake { MaxBytes = most, Digests = false, Relaxed = relaxed }, cancel);
            return new Content([new Piece(blob.Id, blob.Size, text)], null);
        }
        catch (Fault fault) when (fault.Status == 413)
        {
            throw Faults.TooLarge(most);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    /// <summary>Sends a range.</summary>
    public async Task Send(Content content, byte[]? key, long offset, long count, PipeWriter to, CancellationToken cancel)
    {
        using var stream = Open(content, key, offset, count);
        var isLarge = Interlocked.Increment(ref _large) <= MostLarge;
        try
        {
            await Send(stream, isLarge ? LargePiece : SmallPiece, count, to, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _large);
        }
    }

    /// <summary>A range as a stream.</summary>
    public Stream Open(Content content, byte[]? key, long offset, long count) => new JoinedStream(Ranges(content, offset, count)
        .Select(r => new Func<Stream>(() => OpenPiece(content, r.Piece, key, r.Offset, r.Count))));

    /// <summary>Removes what no row names any more; what cannot be removed now is swept.</summary>
    public void Drop(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            _blobs.Delete(id);
        }
    }

    private static async Task Send(Stream stream, int piece, long count, PipeWriter to, CancellationToken cancel)
    {
        while (count > 0)
        {
            var memory = to.GetMemory((int)Math.Min(piece, count));
            var read = await stream.ReadAsync(memory[..(int)Math.Min(memory.Length, count)], cancel);
            if (read == 0)
            {
                throw new EndOfStreamException("The bytes of an object end too early.");
            }

            to.Advance(read);
            count -= read;
            if ((await to.FlushAsync(cancel)).IsCompleted)
            {
                return;
            }
        }
    }

    private static IEnumerable<(Piece Piece, long Offset, long Count)> Ranges(Content content, long offset, long count)
    {
        foreach (var piece in content.Pieces)
        {
            if (count > 0 && offset < piece.Size)
            {
                var take = Math.Min(count, piece.Size - offset);
                yield return (piece, offset, take);
                (offset, count) = (0, count - take);
            }
            else
            {
                offset -= piece.Size;
            }
        }
    }

    private Stream OpenPiece(Content content, Piece piece, byte[]? key, long offset, long count)
    {
        var plain = piece.Blob.Length == 0
            ? new MemoryStream(content.Inline!, (int)offset, (int)count, writable: false)
            : _blobs.Get(piece.Blob).AsStream(offset, count);
        return piece.Nonce is null ? plain : new KeyedStream(plain, new KeyStream(key!, Convert.FromHexString(piece.Nonce)), offset);
    }

    private byte[] Nonce()
    {
        var nonce = new byte[16];
        secrets.Fill(nonce);
        return nonce;
    }
}
