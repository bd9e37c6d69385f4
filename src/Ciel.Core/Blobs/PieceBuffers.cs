using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Ciel.Core.Blobs;

/// <summary>Buffers of one size that begin at a page, as writes past the system's own memory need them. A few are kept; the rest goes.</summary>
internal sealed class PieceBuffers(int size)
{
    /// <summary>What such writes are aligned to: no disk has larger blocks.</summary>
    public const int Page = 4096;

    private const int MostKept = 16;
    private readonly ConcurrentBag<Memory<byte>> _idle = [];

    public Memory<byte> Rent()
    {
        if (_idle.TryTake(out var idle))
        {
            return idle;
        }

        var array = GC.AllocateUninitializedArray<byte>(size + Page, pinned: true);
        var past = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % Page);
        return array.AsMemory((Page - past) % Page, size);
    }

    public void Return(Memory<byte> buffer)
    {
        if (_idle.Count < MostKept)
        {
            _idle.Add(buffer);
        }
    }
}
