using System.Buffers;
using System.Buffers.Binary;

namespace Ciel.Core.Blobs;

/// <summary>Reads a blob's file and lets no byte out whose block does not match its checksum. For one reader at a time.</summary>
internal sealed class VerifiedFile : IDisposable
{
    private const int SumsHeld = 1024;
    private readonly IBlobReader _file;
    private readonly byte[] _sums = new byte[SumsHeld * BlobTrailer.SumSize];
    private long _sumsFrom = -1;
    private byte[]? _block;
    private long _held = -1;

    /// <summary>Owns the file from now on.</summary>
    /// <exception cref="BlobDamagedException">It is not the whole file of this blob.</exception>
    public VerifiedFile(IBlobReader file, string id)
    {
        _file = file;
        try
        {
            Length = ReadLength(id);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the blob.</summary>
    public long Length { get; }

    /// <summary>Reads verified bytes: whole blocks straight into the buffer where it has room for them, else from a block that is kept.</summary>
    /// <returns>How many bytes were read; fewer than asked happens, none only at the end.</returns>
    /// <exception cref="BlobDamagedException">A block was changed; nothing of it is handed out.</exception>
    public int Read(Span<byte> into, long offset)
    {
        var most = (int)Math.Min(into.Length, Length - offset);
        if (most <= 0)
        {
            return 0;
        }

        var within = (int)(offset % BlobTrailer.Block);
        var whole = offset + most == Length ? most : most / BlobTrailer.Block * BlobTrailer.Block;
        if (within == 0 && whole > 0)
        {
            ReadBlocks(into[..whole], offset);
            return whole;
        }

        var held = Hold(offset - within)[within..];
        var count = Math.Min(most, held.Length);
        held[..count].CopyTo(into);
        return count;
    }

    /// <summary>See <see cref="IBlobReader.Forget"/>.</summary>
    public void Forget() => _file.Forget();

    public void Dispose()
    {
        if (_block is { } block)
        {
            _block = null;
            _held = -1;
            ArrayPool<byte>.Shared.Return(block);
        }

        _file.Dispose();
    }

    private long ReadLength(string id)
    {
        Span<byte> foot = stackalloc byte[BlobTrailer.FootSize];
        var length = _file.Length;
        if (length < foot.Length)
        {
            throw new BlobDamagedException($"The file has only {length} bytes.");
        }

        ReadExactly(foot, length - foot.Length);
        return BlobTrailer.Read(foot) is { } trailer && trailer.Id == Guid.Parse(id) && BlobTrailer.FileSize(trailer.Size) == length
            ? trailer.Size
            : throw new BlobDamagedException($"The file of {length} bytes does not end as this blob's.");
    }

    private ReadOnlySpan<byte> Hold(long offset)
    {
        var size = (int)Math.Min(BlobTrailer.Block, Length - offset);
        _block ??= ArrayPool<byte>.Shared.Rent(BlobTrailer.Block);
        if (_held != offset)
        {
            _held = -1;
            ReadBlocks(_block.AsSpan(0, size), offset);
            _held = offset;
        }

        return _block.AsSpan(0, size);
    }

    private void ReadBlocks(Span<byte> into, long offset)
    {
        ReadExactly(into, offset);
        for (ReadOnlySpan<byte> rest = into; rest.Length > 0; offset += BlobTrailer.Block)
        {
            var block = rest[..Math.Min(rest.Length, BlobTrailer.Block)];
            if (BlobTrailer.Sum(block) != SumOf(offset / BlobTrailer.Block))
            {
                throw new BlobDamagedException($"The {block.Length} bytes from {offset} on do not match their checksum.");
            }

            rest = rest[block.Length..];
        }
    }

    private uint SumOf(long block)
    {
        var from = block - (block % SumsHeld);
        if (_sumsFrom != from)
        {
            var count = (int)Math.Min(SumsHeld, BlobTrailer.Blocks(Length) - from);
            _sumsFrom = -1;
            ReadExactly(_sums.AsSpan(0, count * BlobTrailer.SumSize), Length + (from * BlobTrailer.SumSize));
            _sumsFrom = from;
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(_sums.AsSpan((int)(block - from) * BlobTrailer.SumSize));
    }

    private void ReadExactly(Span<byte> into, long offset)
    {
        while (into.Length > 0)
        {
            var read = _file.Read(into, offset);
            if (read == 0)
            {
                throw new BlobDamagedException($"The file ends at {offset}.");
            }

            into = into[read..];
            offset += read;
        }
    }
}
