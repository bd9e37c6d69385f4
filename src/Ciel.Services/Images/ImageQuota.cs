using Ciel.Core.Errors;
using Ciel.Core.Quota;
using Ciel.Core.Store;

namespace Ciel.Services.Images;

/// <summary>How many images a project may have, and how many bytes in them.</summary>
internal static class ImageQuota
{
    public const string Count = "image.image_count_total";
    public const string Bytes = "image.image_size_total";
    private const long DefaultCount = 200;
    private const long DefaultBytes = 1L << 40;

    public static Task TakeCount(Tx tx, string project) => Take(tx, project, Count, 1, DefaultCount);

    public static Task TakeBytes(Tx tx, string project, long n) => Take(tx, project, Bytes, n, DefaultBytes);

    /// <summary>Bytes that the project may still store.</summary>
    public static async Task<long> Room(Reader reader, string project)
    {
        var line = await QuotaBook.Line(reader, project, Bytes, DefaultBytes);
        return line.Hard < 0 ? long.MaxValue : Math.Max(0, line.Hard - line.Used);
    }

    /// <summary>Gives back what an image had.</summary>
    public static async Task Return(Tx tx, Image image)
    {
        await QuotaBook.Return(tx, image.Owner, Count, 1);
        await QuotaBook.Return(tx, image.Owner, Bytes, BytesOf(image));
    }

    /// <summary>Takes for an image what another project gave back.</summary>
    public static async Task TakeAll(Tx tx, Image image)
    {
        await TakeCount(tx, image.Owner);
        await TakeBytes(tx, image.Owner, BytesOf(image));
    }

    private static long BytesOf(Image image) => image.BlobId is null ? 0 : image.Size ?? 0;

    // Glance answers 413 where others answer 403.
    private static async Task Take(Tx tx, string project, string resource, long n, long builtIn)
    {
        if (await QuotaBook.Take(tx, project, resource, n, builtIn) is { } line)
        {
            throw Fault.TooLarge(QuotaBook.Exceeded(line, n).Message);
        }
    }
}
