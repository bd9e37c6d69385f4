using System.Buffers.Binary;

namespace Ciel.Core.Blobs;

/// <summary>The checksums of bytes that are being written. It grows by 4 bytes for each block: 320 KiB for 5 GiB.</summary>
internal sealed class BlockSums
{
    private readonly List<uint> _sums = [];

    /// <summary>Sees the next piece; each but the last is a whole number of blocks.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        for (; piece.Length > 0; piece = piece[Math.Min(piece.Length, BlobTrailer.Block)..])
        {
            _sums.Add(BlobTrailer.Sum(piece[..Math.Min(piece.Length, BlobTrailer.Block)]));
        }
    }

    /// <summary>The trailer for the end of the file.</summary>
    public byte[] Finish(string id, long size)
    {
        var bytes = new byte[(_sums.Count * BlobTrailer.SumSize) + BlobTrailer.FootSize];
        for (var i = 0; i < _sums.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * BlobTrailer.SumSize), _sums[i]);
        }

        new BlobTrailer(Guid.Parse(id), size).Write(bytes.AsSpan(_sums.Count * BlobTrailer.SumSize));
        return bytes;
    }
}
