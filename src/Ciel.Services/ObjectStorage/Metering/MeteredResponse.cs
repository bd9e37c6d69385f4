using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ciel.Services.ObjectStorage.Metering;

/// <summary>Counts the bytes that go out, each time that they are handed to the connection.</summary>
internal sealed class MeteredResponse(IHttpResponseBodyFeature inner, CallMeter meter) : PipeWriter, IHttpResponseBodyFeature
{
    private readonly PipeWriter _writer = inner.Writer;
    private long _pending;

    public Stream Stream => field ??= AsStream(leaveOpen: true);

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => _writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => _writer.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _writer.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        _writer.Advance(bytes);
        _pending += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Settle();
        return _writer.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => _writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        Settle();
        _writer.Complete(exception);
    }

    public void Settle()
    {
        if (_pending > 0)
        {
            meter.Sent(_pending);
            _pending = 0;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task CompleteAsync()
    {
        Settle();
        return inner.CompleteAsync();
    }

    public void DisableBuffering() => inner.DisableBuffering();
}
