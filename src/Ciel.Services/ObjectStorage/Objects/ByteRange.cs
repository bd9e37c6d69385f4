using System.Globalization;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Objects;

/// <summary>A range of an object (RFC 9110, 14).</summary>
internal readonly record struct ByteRange(long Offset, long Count)
{
    /// <summary>The range of a header; null for none, and for what S3 passes over: several ranges or another unit.</summary>
    /// <exception cref="S3Fault">416 where it lies beyond the end.</exception>
    public static ByteRange? Parse(string? header, long size)
    {
        if (header is null || !header.StartsWith("bytes=", StringComparison.Ordinal) || header[6..].Split('-') is not [var first, var last])
        {
            return null;
        }

        var from = Number(first);
        var to = Number(last);
        if ((from is null && first.Length > 0) || (to is null && last.Length > 0) || (from is null && to is null) || from > to)
        {
            return null;
        }

        var offset = from ?? Math.Max(0, size - to!.Value);
        var end = from is null || to is null ? size : Math.Min(to.Value, size - 1) + 1;
        return offset < end ? new ByteRange(offset, end - offset) : throw Beyond(header, size);
    }

    /// <summary>The range of <c>x-amz-copy-source-range</c>, which must be exact.</summary>
    public static ByteRange OfCopy(string header, long size)
    {
        if (!header.StartsWith("bytes=", StringComparison.Ordinal) || header[6..].Split('-') is not [var first, var last]
            || Number(first) is not { } from || Number(last) is not { } to || from > to)
        {
            throw Faults.InvalidArgument("x-amz-copy-source-range", header, "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy");
        }

        return to < size
            ? new ByteRange(from, to - from + 1)
            : throw new S3Fault(400, "InvalidRange", $"Range specified is not valid for source object of size: {size}");
    }

    private static S3Fault Beyond(string header, long size) => new(416, "InvalidRange", "The requested range is not satisfiable")
    {
        Extra = [("RangeRequested", header), ("ActualObjectSize", size.ToString(CultureInfo.InvariantCulture))],
        Headers = [("Content-Range", $"bytes */{size}")],
    };

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
