using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ciel.Agent.Host;

/// <summary>
/// The helper process <c>ciel helper netns-broker SOCKET</c>: opens listening sockets and taps inside network namespaces and hands them
/// to the agent, whose own threads never enter one. A thread made while the main one is inside would stay there, so all that runs
/// inside has run once before, outside; and if a thread is found inside all the same, the helper ends and the agent starts another.
/// </summary>
internal static class NetnsBroker
{
    /// <summary>The helper's name.</summary>
    public const string Name = "netns-broker";

    private const string Own = "/proc/self/ns/net";

    /// <summary>Serves until the agent is gone.</summary>
    public static int Run(string socketPath)
    {
        using var channel = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        channel.Connect(new UnixDomainSocketEndPoint(socketPath));
        var home = Libc.Checked(Libc.Open(Own, Libc.OpenReadOnly | Libc.OpenCloseOnExec, 0), Own);
        using (In(home, Own, () => Listen(new IPEndPoint(IPAddress.Loopback, 0))))
        {
        }

        _ = In(home, Own, () => Tap.Exists("lo"));
        var buffer = new byte[512];
        while (channel.Receive(buffer) is var read && read > 0)
        {
            Answer(channel, home, Encoding.UTF8.GetString(buffer, 0, read));
            if (!IsWhollyHome())
            {
                return 70;
            }
        }

        return 0;
    }

    /// <summary>A request is one line: the namespace's path, then the address and the port to listen at.</summary>
    public static string ListenRequest(string ns, string address, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"/run/netns/{ns} {address} {port}");

    /// <summary>Or the namespace's path and the tap's name.</summary>
    public static string TapRequest(string ns, string device) => $"/run/netns/{ns} {device}";

    private static void Answer(Socket channel, int home, string request)
    {
        try
        {
            switch (request.Split(' '))
            {
                case [var ns, var address, var port]:
                    var where = new IPEndPoint(IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture));
                    using (var listener = In(home, ns, () => Listen(where)))
                    {
                        FdPassing.Send(channel, (int)listener.Handle);
                    }

                    break;
                case [var ns, var device]:
                    var tap = In(home, ns, () => Tap.Open(device));
                    FdPassing.Send(channel, tap);
                    _ = Libc.Close(tap);
                    break;
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            Console.Error.WriteLine($"netns-broker: {request}: {e.Message}");
            channel.Send([1]);
        }
    }

    private static T In<T>(int home, string ns, Func<T> act)
    {
        var inside = Libc.Checked(Libc.Open(ns, Libc.OpenReadOnly | Libc.OpenCloseOnExec, 0), ns);
        Libc.Checked(Libc.SetNs(inside, Libc.CloneNewNet), ns);
        try
        {
            return act();
        }
        finally
        {
            Libc.Checked(Libc.SetNs(home, Libc.CloneNewNet), Own);
            _ = Libc.Close(inside);
        }
    }

    private static Socket Listen(IPEndPoint where)
    {
        var listener = new Socket(where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(where);
            listener.Listen(128);
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }

    private static bool IsWhollyHome()
    {
        var home = new FileInfo(Own).LinkTarget;
        var threads = Directory.EnumerateDirectories("/proc/self/task").Select(task => new FileInfo(task + "/ns/net").LinkTarget);

        // A thread that has just ended shows none.
        return threads.All(at => at == home || at is null);
    }
}
