using System.Net.Sockets;

namespace Ciel.Agent.Host;

/// <summary>Connects to sockets of children that may be hostile.</summary>
internal static class UnixSockets
{
    /// <summary>
    /// Connects to a socket by its directory and name. The name goes through a descriptor of the directory, because a socket's
    /// address holds 107 bytes; and the listener must run as the user given, because the owner of the directory could have put a
    /// link to somebody else's socket there.
    /// </summary>
    public static async Task<Socket> Connect(string directory, string name, int uid, CancellationToken cancel)
    {
        var fd = Libc.Checked(Libc.Open(directory, Libc.OpenReadOnly | Libc.OpenDirectory | Libc.OpenCloseOnExec, 0), $"open {directory}");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint($"/proc/self/fd/{fd}/{name}"), cancel);
            if (Peer(socket) is var peer && peer != uid)
            {
                throw new IOException($"{name} is served by user {peer}, not by {uid}");
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }

    private static int Peer(Socket socket)
    {
        const int solSocket = 1;
        const int soPeerCredentials = 17;
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(solSocket, soPeerCredentials, credentials);
        return BitConverter.ToInt32(credentials[4..8]);
    }
}
