using Ciel.Core;
using Ciel.Core.Blobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ciel.Tests.Blobs;

/// <summary>Opens blobs on the model and reads them whole.</summary>
internal static class Stores
{
    public static readonly BlobOptions NoReserve = new("") { Reserve = 0, ReserveFiles = 0 };

    public static BlobStore Open(IBlobFiles files, TimeProvider? time = null, BlobOptions? options = null, int seed = 1) =>
        Open([files], time, options, seed);

    /// <summary>On several disks.</summary>
    public static BlobStore Open(IReadOnlyList<IBlobFiles> disks, TimeProvider? time = null, BlobOptions? options = null, int seed = 1) => new BlobStore(
        [.. disks.Select((files, n) => new BlobDisk($"disk{n}", files))], options ?? NoReserve, "test", Ids(time, seed), time ?? TimeProvider.System, NullLogger.Instance).Prepared();

    public static Ids Ids(TimeProvider? time = null, int? seed = null) =>
        new(time ?? TimeProvider.System, new SeededSecrets(seed is { } s ? new Random(s) : new Random()));

    public static async Task<string> Put(this BlobStore blobs, byte[] content) => (await blobs.Put(new MemoryStream(content), new BlobIntake(), default)).Id;

    public static async Task<byte[]> Whole(this BlobStore blobs, string id)
    {
        using var stream = blobs.Get(id).AsStream();
        var whole = new MemoryStream();
        await stream.CopyToAsync(whole);
        return whole.ToArray();
    }

    public static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}
