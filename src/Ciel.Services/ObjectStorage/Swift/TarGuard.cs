using System.Formats.Tar;
using System.Text;
using Ciel.Services.ObjectStorage.Body;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>An archive on its way to its reader, which takes the length of an extended header for true and makes room for it: long ones are refused before.</summary>
internal sealed class TarGuard(Stream inner) : ReadOnlyStream
{
    private const int Block = 512;
    private const long Longest = 64 * 1024;
    private readonly byte[] _header = new byte[Block];
    private int _filled;
    private long _content;
    private List<byte>? _attributes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        for (var rest = buffer[..read]; rest.Length > 0;)
        {
            var take = (int)Math.Min(rest.Length, _content > 0 ? _content : Block - _filled);
            if (_content > 0)
            {
                _content -= take;
                Gather(rest.Span[..take]);
            }
            else
            {
                rest[..take].CopyTo(_header.AsMemory(_filled));
                _filled += take;
                Look();
            }

            rest = rest[take..];
        }

        return read;
    }

    private void Look()
    {
        if (_filled < Block)
        {
            return;
        }

        _filled = 0;
        var size = Size(_header.AsSpan(124, 12));
        var type = (TarEntryType)_header[156];
        if (size > Longest && type is (TarEntryType.ExtendedAttributes or TarEntryType.GlobalExtendedAttributes or TarEntryType.LongPath or TarEntryType.LongLink))
        {
            throw new InvalidDataException("An extended header of the archive is too long.");
        }

        _attributes = type is TarEntryType.ExtendedAttributes or TarEntryType.GlobalExtendedAttributes ? [] : null;
        _content = (size + Block - 1) / Block * Block;
    }

    // The reader takes a size among the attributes for the next entry's, and would see headers where there is content here. Only entries of
    // more than 8 GiB need one, which are too large in any case.
    private void Gather(ReadOnlySpan<byte> bytes)
    {
        if (_attributes is null)
        {
            return;
        }

        _attributes.AddRange(bytes);
        if (_content == 0 && Encoding.UTF8.GetString(_attributes.ToArray()).Split('\n').Any(line => line.Split(' ', 2) is [_, var record] && record.TrimStart().StartsWith("size=", StringComparison.Ordinal)))
        {
            throw new InvalidDataException("An extended header of the archive gives a size.");
        }
    }

    // Octal digits, or, with the highest bit set, a number as bytes.
    private static long Size(ReadOnlySpan<byte> field)
    {
        long size = 0;
        if ((field[0] & 0x80) != 0)
        {
            foreach (var b in field[4..])
            {
                size = (size << 8) | b;
            }

            return Math.Clamp(size, 0, long.MaxValue / 2);
        }

        foreach (var b in field)
        {
            size = b is >= (byte)'0' and <= (byte)'7' ? (size * 8) + (b - '0') : size;
        }

        return size;
    }
}
