using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ciel.Agent.Host;

/// <summary>Hands an open descriptor to another process (SCM_RIGHTS, unix(7)).</summary>
internal static unsafe partial class FdPassing
{
    private const int SolSocket = 1;
    private const int ScmRights = 1;
    private const int CloseOnExec = 0x40000000;

    /// <summary>EINTR: the runtime signals its own threads, and the wait begins again.</summary>
    private const int Interrupted = 4;

    /// <summary>The length without the padding at its end.</summary>
    private const int UsedControl = 20;

    /// <summary>Sends one byte and the descriptor.</summary>
    public static void Send(Socket channel, int fd, byte status = 0)
    {
        var vector = new Vector { Base = &status, Length = 1 };
        var control = new Control { Length = UsedControl, Level = SolSocket, Type = ScmRights, Fd = fd };
        var message = new Message { Vectors = &vector, VectorCount = 1, Control = &control, ControlLength = (nuint)sizeof(Control) };
        Libc.Checked((int)SendMessage((int)channel.Handle, &message, 0), "sendmsg");
    }

    /// <summary>Waits for one byte; a descriptor comes with it if it is 0.</summary>
    /// <exception cref="IOException">The other side is gone, or could not open what it was asked for.</exception>
    public static int Receive(Socket channel)
    {
        byte status = 0;
        var vector = new Vector { Base = &status, Length = 1 };
        var control = default(Control);
        var message = new Message { Vectors = &vector, VectorCount = 1, Control = &control, ControlLength = (nuint)sizeof(Control) };
        int received;
        do
        {
            received = (int)ReceiveMessage((int)channel.Handle, &message, CloseOnExec);
        }
        while (received < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        Libc.Checked(received, "recvmsg");
        return (received, status) switch
        {
            (0, _) => throw new IOException("the other side closed"),
            (_, 0) when control is { Level: SolSocket, Type: ScmRights } => control.Fd,
            _ => throw new IOException("no descriptor came"),
        };
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, Message* message, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public Control* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>One control message that holds one descriptor.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    private struct Control
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Fd;
    }
}
