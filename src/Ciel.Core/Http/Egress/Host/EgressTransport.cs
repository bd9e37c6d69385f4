using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Ciel.Core.Http.Egress.Host;

#pragma warning disable RS0030 // This is where names are resolved and connections are made for all that tenants name.

/// <summary>The connections of <see cref="Egress"/>: each goes to an address that the gate has seen.</summary>
public sealed class EgressTransport : IDisposable
{
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(10);
    private readonly HttpMessageInvoker _invoker;
    private readonly EgressGate _gate;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    /// <summary>Connections that ask the gate.</summary>
    /// <param name="gate">Decides.</param>
    /// <param name="resolve">Finds a name's addresses; null for the system's way.</param>
    public EgressTransport(EgressGate gate, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        (_gate, _resolve) = (gate, resolve ?? Dns.GetHostAddressesAsync);
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = Connecting,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            MaxResponseHeadersLength = 64,
            ConnectCallback = Connect,
        });
    }

    /// <summary>Sends one request.</summary>
    public Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancel) => _invoker.SendAsync(request, cancel);

    /// <summary>All addresses of this host.</summary>
    public static IReadOnlyCollection<IPAddress> OwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)];

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host.Trim('[', ']');
        var resolved = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancel);
        var open = _gate.Open(host, context.DnsEndPoint.Port, resolved);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. open], context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
