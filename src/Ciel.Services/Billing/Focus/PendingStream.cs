namespace Ciel.Services.Billing.Focus;

/// <summary>Takes what a library writes at once and hands it on when there is time to wait: a response's body never blocks a thread.</summary>
internal sealed class PendingStream : Stream
{
    private readonly MemoryStream _pending = new();
    private long _handedOn;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Position;

    public override long Position
    {
        get => _handedOn + _pending.Length;
        set => throw new NotSupportedException();
    }

    /// <summary>Hands on what has been written since.</summary>
    public async Task DrainTo(Stream to, CancellationToken cancel)
    {
        await to.WriteAsync(_pending.GetBuffer().AsMemory(0, (int)_pending.Length), cancel);
        _handedOn += _pending.Length;
        _pending.SetLength(0);
    }

    public override void Write(byte[] buffer, int offset, int count) => _pending.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _pending.Write(buffer);

    public override void Flush() => _pending.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _pending.Dispose();
        base.Dispose(disposing);
    }
}
