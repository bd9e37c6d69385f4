using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Ciel.Hosting;

/// <summary>
/// Answers go from the thread that makes them straight to the socket. Kestrel's own way passes them to another thread through a pipe, which costs
/// a large object's download a third of the processor and a small answer its best latency.
/// </summary>
internal sealed class SocketOutput(Socket socket) : PipeWriter
{
    private const int Least = 16 * 1024;
    private readonly List<ArraySegment<byte>> _full = [];
    private byte[] _buffer = [];
    private int _used;
    private bool _closed;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _full.Sum(s => (long)s.Count) + _used;

    /// <summary>Puts itself in the place of the connection's output; of one without a socket it leaves that as it is.</summary>
    public static void Use(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { } feature)
        {
            connection.Transport = new Both(connection.Transport.Input, new SocketOutput(feature.Socket));
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _used < Math.Max(sizeHint, 1))
        {
            Seal();
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, Least));
        }

        return _buffer.AsMemory(_used);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes) => _used += bytes;

    /// <summary>
    /// Sends what was written. Where the client went away it is complete, as a pipe's would be. It gives up with its connection only: half an answer
    /// must not be followed by another.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (_full.Count > 0)
            {
                Seal();
                await socket.SendAsync(_full);
            }
            else if (_used > 0)
            {
                await socket.SendAsync(_buffer.AsMemory(0, _used), CancellationToken.None);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _closed = true;
        }

        Forget();
        return new FlushResult(isCanceled: false, isCompleted: _closed);
    }

    /// <summary>Nothing: see <see cref="FlushAsync"/>.</summary>
    public override void CancelPendingFlush()
    {
    }

    /// <summary>The connection closes the socket itself when Kestrel is done with it.</summary>
    public override void Complete(Exception? exception = null)
    {
        _closed = true;
        Forget();
    }

    private void Seal()
    {
        if (_used > 0)
        {
            _full.Add(new ArraySegment<byte>(_buffer, 0, _used));
            (_buffer, _used) = ([], 0);
        }
    }

    // A connection that waits holds no memory.
    private void Forget()
    {
        Seal();
        _full.ForEach(segment => ArrayPool<byte>.Shared.Return(segment.Array!));
        _full.Clear();
    }

    private sealed record Both(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
