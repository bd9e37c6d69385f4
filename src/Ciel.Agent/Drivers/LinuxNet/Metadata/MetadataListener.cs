using System.Collections.Concurrent;
using System.Net.Sockets;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>
/// Serves metadata in one network. A connection bears the mark of its first packet (tcp_fwmark_accept), which says on which tap
/// it came in: the source address and what the request claims count for nothing.
/// </summary>
internal sealed class MetadataListener : IAsyncDisposable
{
    /// <summary>Connections that one guest may hold open at a time.</summary>
    public const int MostPerPort = 16;

    private const int SolSocket = 1;
    private const int SoMark = 36;

    private readonly Socket listener;
    private readonly Func<int, string?> portOfMark;
    private readonly GuestSigns signs;
    private readonly IController controller;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<string, int> open = new();
    private readonly List<Task> serving = [];
    private readonly Task accepting;

    public MetadataListener(Socket listener, Func<int, string?> portOfMark, GuestSigns signs, IController controller, TimeProvider time)
    {
        (this.listener, this.portOfMark, this.signs, this.controller, this.time) = (listener, portOfMark, signs, controller, time);
        accepting = Background.Start(Accept);
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(serving);
        closing.Dispose();
    }

    private async Task Accept()
    {
        while (await Next() is { } socket)
        {
            if (portOfMark(MarkOf(socket) & 0xffff) is not { } port || !Enter(port))
            {
                socket.Dispose();
                continue;
            }

            signs.Seen(port);
            serving.Add(Serve(socket, port));
            serving.RemoveAll(connection => connection.IsCompleted);
        }
    }

    private async Task<Socket?> Next()
    {
        while (true)
        {
            try
            {
                return await listener.AcceptAsync(closing.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e)
            {
                // Out of descriptors, or the guest hung up at once: neither lasts.
                await Console.Error.WriteLineAsync($"agent: a metadata connection was not taken: {e.Message}");
                await Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None);
            }
        }
    }

    private async Task Serve(Socket socket, string port)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await new MetadataConnection(stream, port, controller, time).Serve(closing.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A guest that hangs up or dawdles harms only itself, and must not fill our log.
        }
        finally
        {
            open.AddOrUpdate(port, 0, (_, count) => count - 1);
        }
    }

    private bool Enter(string port)
    {
        if (open.AddOrUpdate(port, 1, (_, count) => count + 1) <= MostPerPort)
        {
            return true;
        }

        open.AddOrUpdate(port, 0, (_, count) => count - 1);
        return false;
    }

    private static int MarkOf(Socket socket)
    {
        Span<byte> mark = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(SolSocket, SoMark, mark);
        return BitConverter.ToInt32(mark);
    }
}
