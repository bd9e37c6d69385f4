using System.Buffers.Binary;
using System.Text;

namespace Ciel.Agent.Host;

/// <summary>A tap of the network namespace that the thread is in: the network's driver made it, and it stays when we go.</summary>
internal static class Tap
{
    /// <summary>Attaches to it. The descriptor outlives an exec.</summary>
    /// <exception cref="IOException">There is none, or another has it.</exception>
    public static unsafe int Open(string device)
    {
        const nuint setInterface = 0x400454ca;
        const ushort tapWithoutPacketInfoWithVnetHeader = 0x0002 | 0x1000 | 0x4000;
        if (!Exists(device))
        {
            throw new IOException($"no tap {device} here");
        }

        var fd = Libc.Checked(Libc.Open("/dev/net/tun", Libc.OpenReadWrite, 0), "/dev/net/tun");
        var request = stackalloc byte[40];
        Encoding.ASCII.GetBytes(device, new Span<byte>(request, 15));
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(request + 16, 2), tapWithoutPacketInfoWithVnetHeader);
        if (Libc.Ioctl(fd, setInterface, request) < 0)
        {
            var error = Libc.Error($"attach to {device}");
            _ = Libc.Close(fd);
            throw error;
        }

        return fd;
    }

    /// <summary>Whether there is an interface of that name.</summary>
    public static bool Exists(string device) =>
        File.ReadLines("/proc/thread-self/net/dev").Any(line => line.TrimStart().StartsWith(device + ":", StringComparison.Ordinal));
}
