using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Core.Blobs;

/// <summary>An open blob. It stays readable even when it is deleted meanwhile.</summary>
public sealed class BlobContent : IDisposable
{
    private const int Piece = 128 * 1024;
    private readonly SafeFileHandle _file;

    internal BlobContent(SafeFileHandle file) => (_file, Length) = (file, RandomAccess.GetLength(file));

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
            var memory = to.GetMemory(Piece);
            var wanted = (int)Math.Min(Math.Min(memory.Length, Piece), end - offset);
            var read = await RandomAccess.ReadAsync(_file, memory[..wanted], offset, cancel);
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

    internal int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_file, buffer, offset);

    internal ValueTask<int> Read(Memory<byte> buffer, long offset, CancellationToken cancel) => RandomAccess.ReadAsync(_file, buffer, offset, cancel);
}
