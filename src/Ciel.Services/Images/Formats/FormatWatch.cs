using Ciel.Core.Errors;

namespace Ciel.Services.Images.Formats;

/// <summary>
/// Looks at the bytes of an upload as they pass, and refuses what is not what the image says it is or could harm a node. Keeps the
/// beginning and the end, never more.
/// </summary>
/// <param name="diskFormat">What the image says.</param>
/// <param name="bare">Whether the bytes are the disk itself and not a container of it.</param>
internal sealed class FormatWatch(string diskFormat, bool bare)
{
    private readonly byte[] _head = new byte[Magic.Head];
    private readonly byte[] _tail = new byte[Magic.Tail];
    private int _headSize;
    private int _tailSize;
    private long _size;
    private bool _judged;
    private Qcow2Header? _qcow2;

    /// <summary>The next piece.</summary>
    /// <exception cref="Fault">400: the content is not what the image says.</exception>
    public void Watch(ReadOnlySpan<byte> piece)
    {
        _size += piece.Length;
        if (_headSize < _head.Length)
        {
            var taken = Math.Min(piece.Length, _head.Length - _headSize);
            piece[..taken].CopyTo(_head.AsSpan(_headSize));
            _headSize += taken;
        }

        KeepTail(piece);
        if (_headSize == _head.Length && !_judged)
        {
            JudgeHead();
        }
    }

    /// <summary>Judges the whole when all bytes have passed.</summary>
    /// <returns>The size of the disk inside; null where this format does not tell.</returns>
    /// <exception cref="Fault">400: the content is not what the image says.</exception>
    public long? Finish()
    {
        if (!_judged)
        {
            JudgeHead();
        }

        var found = Magic.Of(Head, Tail);
        if (bare && !Agrees(found))
        {
            throw Lies(found);
        }

        if (_qcow2 is { } header)
        {
            header.CheckLength(_size);
            return header.VirtualSize;
        }

        return diskFormat is "raw" or "iso" or "ami" or "aki" or "ari" ? _size : VirtualSizes.Of(found, Head, Tail);
    }

    private ReadOnlySpan<byte> Head => _head.AsSpan(0, _headSize);

    private ReadOnlySpan<byte> Tail => _tail.AsSpan(0, _tailSize);

    // The earlier a lie is seen, the less of it is stored. A machine can boot qcow2 and raw whatever the container is called.
    private void JudgeHead()
    {
        _judged = true;
        var found = Magic.Of(Head, []);
        if (diskFormat == "qcow2")
        {
            _qcow2 = found == DiskFormat.Qcow2 ? Qcow2Header.Parse(Head) : throw Lies(found);
        }
        else if ((bare || diskFormat == "raw") && diskFormat != "vhd" && !Agrees(found))
        {
            throw Lies(found);
        }

        if (found == DiskFormat.Vmdk)
        {
            VmdkExtents.RequireInside(Head);
        }
    }

    private bool Agrees(DiskFormat found) => diskFormat switch
    {
        "qcow2" => found == DiskFormat.Qcow2,
        "vmdk" => found == DiskFormat.Vmdk,
        "vdi" => found == DiskFormat.Vdi,
        "vhd" => found == DiskFormat.Vhd,
        "vhdx" => found == DiskFormat.Vhdx,
        "iso" => found == DiskFormat.Iso,
        // A raw disk may hold anything that is read as a disk; a VHD's mark at its end says nothing about its beginning.
        _ => found is DiskFormat.Raw or DiskFormat.Iso or DiskFormat.Luks || (found == DiskFormat.Vhd && !Head.StartsWith("conectix"u8)),
    };

    private void KeepTail(ReadOnlySpan<byte> piece)
    {
        if (piece.Length >= _tail.Length)
        {
            piece[^_tail.Length..].CopyTo(_tail);
            _tailSize = _tail.Length;
            return;
        }

        var kept = Math.Min(_tailSize, _tail.Length - piece.Length);
        _tail.AsSpan(_tailSize - kept, kept).CopyTo(_tail);
        piece.CopyTo(_tail.AsSpan(kept));
        _tailSize = kept + piece.Length;
    }

    private Fault Lies(DiskFormat found) => Fault.BadRequest(
        $"The image says that it is {diskFormat}, but its content is {(found == DiskFormat.Raw ? "not" : found.ToString().ToLowerInvariant())}. " +
        "Set disk_format to what the file is, or convert the file.");
}
