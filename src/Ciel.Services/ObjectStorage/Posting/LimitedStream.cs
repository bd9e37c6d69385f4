using Ciel.Services.ObjectStorage.Body;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Posting;

/// <summary>A file that must have so many bytes.</summary>
internal sealed class LimitedStream(Stream inner, (long Least, long Most) length) : ReadOnlyStream
{
    private long _size;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            _size += read;
            return _size > length.Most ? throw Faults.TooLarge(length.Most)
                : read == 0 && buffer.Length > 0 && _size < length.Least ? throw new S3Fault(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
                : read;
        }
        catch (Exception e) when (e is InvalidDataException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw new S3Fault(400, "IncompleteBody", "The form ends before its file does.");
        }
    }
}
