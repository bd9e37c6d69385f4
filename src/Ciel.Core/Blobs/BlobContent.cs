using System.IO.Pipelines;

namespace Ciel.Core.Blobs;

/// <summary>
/// An open blob, for one reader at a time. Every block is verified before any byte of it is handed out; one that was changed is a
/// <see cref="Errors.Fault"/> (500), and so is a disk that fails (503). It stays readable even when it is deleted meanwhile.
/// </summary>
public sealed class BlobContent : IDisposable
{
    private const int Piece = 2 * BlobTrailer.Block;
    private readonly VerifiedFile _file;
    private readonly string _id;
    private readonly BlobStore _store;

    internal BlobContent(VerifiedFile file, string id, BlobStore store) => (_file, _id, _store) = (file, id, store);

    /// <summary>Bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Copies a range into a pipe, piece by piece.</summary>
    /// <param name="to">Flushed after each piece.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="count">How many bytes; all of them are there.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task CopyTo(PipeWriter to, long offset, long count, CancellationToken cancel)
    {
        for (var end = offset + count; offset < end;)
        {
            cancel.ThrowIfCancellationRequested();
            var memory = to.GetMemory(Piece);
            var read = Read(memory.Span[..(int)Math.Min(Piece, end - offset)], offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"The blob ends at {offset} and not at {end}.");
            }

            to.Advance(read);
            offset += read;
            if ((await to.FlushAsync(cancel)).IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>A range as a stream, which owns this from now on.</summary>
    public Stream AsStream(long offset = 0, long? count = null) => new BlobStream(this, offset, offset + (count ?? Length - offset));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Reads block the thread: the system has no other kind for files, and .NET's would only do it on another thread.
    internal int Read(Span<byte> buffer, long offset)
    {
        try
        {
            return _file.Read(buffer, offset);
        }
        catch (Exception e) when (e is BlobDamagedException or IOException)
        {
            throw _store.ToFault(_id, e);
        }
    }

    internal void Forget() => _file.Forget();
}
