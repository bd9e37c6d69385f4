using System.IO.Pipelines;
using Ciel.Core.Errors;

namespace Ciel.Core.Blobs;

/// <summary>
/// An open blob, for one reader at a time. Every block is verified before any byte of it is handed out; one that was changed is read from
/// another disk's copy, which also mends it at the end. Where there is none it is a <see cref="Fault"/> (500), and so is a disk that fails
/// (503). It stays readable even when it is deleted meanwhile.
/// </summary>
public sealed class BlobContent : IDisposable
{
    private const int Piece = 2 * BlobTrailer.Block;
    private readonly BlobStore _store;
    private readonly string _id;
    private readonly Queue<BlobDisk> _left;
    private readonly List<BlobDisk> _bad = [];
    private VerifiedFile _file;
    private BlobDisk? _disk;

    internal BlobContent(BlobStore store, string id, IReadOnlyList<BlobDisk> disks)
    {
        (_store, _id, _left) = (store, id, new Queue<BlobDisk>(disks));
        _file = Next(null);
        Length = _file.Length;
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

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

    /// <summary>Closes it, and mends copies that were found bad where this one was not.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (!_bad.Contains(_disk!))
        {
            _bad.ForEach(disk => _store.Mend(_id, disk));
        }

        _bad.Clear();
    }

    // Reads block the thread: the system has no other kind for files, and .NET's would only do it on another thread.
    internal int Read(Span<byte> buffer, long offset)
    {
        while (true)
        {
            try
            {
                return _file.Read(buffer, offset);
            }
            catch (Exception e) when (e is BlobDamagedException or IOException)
            {
                Found(_disk!, e);
                var next = Next(e);
                _file.Dispose();
                _file = next;
            }
        }
    }

    /// <summary>How many bad copies were met.</summary>
    internal int Bad => _bad.Count;

    internal void Forget() => _file.Forget();

    // The next disk's copy that can be opened.
    private VerifiedFile Next(Exception? why)
    {
        while (_left.TryDequeue(out var disk))
        {
            try
            {
                var file = new VerifiedFile(disk.Files.Open(BlobDisk.PathOf(_id)), _id);
                _disk = disk;
                return file;
            }
            catch (FileNotFoundException)
            {
                continue;
            }
            catch (Exception e) when (e is BlobDamagedException or IOException)
            {
                why = e;
                Found(disk, e);
            }
        }

        throw why is null ? Fault.NotFound("The data could not be found.") : _store.ToFault(_id, why);
    }

    private void Found(BlobDisk disk, Exception e)
    {
        if (!_bad.Contains(disk))
        {
            _bad.Add(disk);
        }

        if (_store.Disks.Count > 1)
        {
            _store.BadCopy(_id, disk, e);
        }
    }
}
