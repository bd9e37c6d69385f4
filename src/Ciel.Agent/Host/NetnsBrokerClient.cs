using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Agent.Host;

/// <summary>The agent's side of its <see cref="NetnsBroker"/>: starts it when it is first needed, and again when it has ended.</summary>
/// <param name="self">The command that runs this program.</param>
/// <param name="directory">Where their socket is made; only root may enter.</param>
/// <param name="time">Bounds the waiting.</param>
internal sealed class NetnsBrokerClient(string self, string directory, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private readonly SemaphoreSlim turn = new(1, 1);
    private Socket? channel;

    /// <summary>Opens a listening socket in a namespace.</summary>
    /// <exception cref="IOException">It could not be opened.</exception>
    public async Task<Socket> Listen(string ns, string address, int port, CancellationToken cancel) =>
        new(new SafeSocketHandle(await InTurn(NetnsBroker.ListenRequest(ns, address, port), cancel), ownsHandle: true));

    /// <summary>Attaches to a tap in a namespace.</summary>
    /// <exception cref="IOException">There is none, or another has it.</exception>
    public async Task<SafeFileHandle> OpenTap(string ns, string device, CancellationToken cancel) =>
        new(await InTurn(NetnsBroker.TapRequest(ns, device), cancel), ownsHandle: true);

    public void Dispose()
    {
        channel?.Dispose();
        turn.Dispose();
    }

    private async Task<nint> InTurn(string request, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            return await Ask(request, cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<nint> Ask(string request, CancellationToken cancel)
    {
        channel ??= await Start(cancel);
        try
        {
            channel.Send(Encoding.UTF8.GetBytes(request));
            return FdPassing.Receive(channel);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Whatever it was, a fresh helper is the cure; the caller tries again.
            channel.Dispose();
            channel = null;
            throw new IOException($"{NetnsBroker.Name}: {request}: {e.Message}", e);
        }
    }

    private async Task<Socket> Start(CancellationToken cancel)
    {
        var path = Path.Combine(directory, "broker.sock");
        File.Delete(path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);

        // It must make no thread but at its start: see NetnsBroker.
        var start = Helper.Command(self, NetnsBroker.Name, path);
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using var process = Process.Start(start) ?? throw new IOException($"cannot start {self}");
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        var accepted = await listener.AcceptAsync(either.Token);
        accepted.ReceiveTimeout = accepted.SendTimeout = (int)Patience.TotalMilliseconds;
        File.Delete(path);
        return accepted;
    }
}
