using Ciel.Services.ObjectStorage.Body;

namespace Ciel.Services.ObjectStorage.Encrypting;

/// <summary>A stream that is encrypted or decrypted as it is read.</summary>
internal sealed class KeyedStream(Stream inner, KeyStream key, long offset = 0) : ReadOnlyStream
{
    private long _at = offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        key.Apply(buffer.Span[..read], _at);
        _at += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            key.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
