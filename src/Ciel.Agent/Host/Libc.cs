using System.Runtime.InteropServices;

namespace Ciel.Agent.Host;

/// <summary>The calls of Linux that .NET does not wrap (x86-64, glibc). Each answers -1 and sets errno when it fails.</summary>
internal static partial class Libc
{
    public const int CloneNewNet = 0x40000000;
    public const int SigKill = 9;
    public const int PrSetNoNewPrivileges = 38;
    public const int PrCapabilityBoundingSetDrop = 24;
    public const int RLimitCore = 4;
    public const int RLimitNoFile = 7;
    public const int RLimitCpu = 0;
    public const int LockExclusiveNow = 2 | 4;
    public const int SetFdFlags = 2;

    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenAppendCreate = 1 | 0x40 | 0x400;
    public const int OpenNonBlocking = 0x800;
    public const int OpenDirectory = 0x10000;
    public const int OpenNoFollow = 0x20000;
    public const int OpenCloseOnExec = 0x80000;

    private const long SysSetResUid = 117;
    private const long SysSetResGid = 119;
    private const long SysSetGroups = 116;
    private const long SysPidFdSendSignal = 424;
    private const long SysPidFdOpen = 434;
    private const long SysCloseRange = 436;
    private const int CloseRangeCloseOnExec = 4;

    /// <summary>An error with the text of errno after a call that answered -1.</summary>
    public static IOException Error(string what) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <summary>The result of a call, or the error it left.</summary>
    public static int Checked(int result, string what) => result >= 0 ? result : throw Error(what);

    /// <summary>A handle on one process that survives the reuse of its pid.</summary>
    public static int PidFdOpen(int pid) => (int)SysCall(SysPidFdOpen, pid, 0, 0, 0);

    /// <summary>Sends a signal through a <see cref="PidFdOpen"/> handle.</summary>
    public static int PidFdSendSignal(int fd, int signal) => (int)SysCall(SysPidFdSendSignal, fd, signal, 0, 0);

    /// <summary>Has a range of descriptors closed at the next exec.</summary>
    public static int CloseOnExec(uint first, uint last) => (int)SysCall(SysCloseRange, (nint)first, (nint)last, CloseRangeCloseOnExec, 0);

    /// <summary>The user of this thread alone: glibc's wrapper would stop every other thread for it.</summary>
    public static int SetUser(int uid) => (int)SysCall(SysSetResUid, uid, uid, uid, 0);

    /// <summary>The group of this thread alone.</summary>
    public static int SetGroup(int gid) => (int)SysCall(SysSetResGid, gid, gid, gid, 0);

    /// <summary>The supplementary groups of this thread alone.</summary>
    public static unsafe int SetGroups(int[] groups)
    {
        fixed (int* list = groups)
        {
            return (int)SysCall(SysSetGroups, groups.Length, (nint)list, 0, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SysCall(long number, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    public static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    public static partial int Dup2(int from, int to);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(int fd);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    public static unsafe partial int Fstat(int fd, byte* stat);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(int fd, int operation);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Fallocate(int fd, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Chown(string path, int uid, int gid);

    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial int Umask(int mask);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeDirectory(string path);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int Ioctl(int fd, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNs(int fd, int kind);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int kinds);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int Prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    public static unsafe partial int GetRLimit(int resource, ulong* currentAndMaximum);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    public static unsafe partial int SetRLimit(int resource, ulong* currentAndMaximum);

    [LibraryImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    public static unsafe partial int SigAction(int signal, byte* next, byte* old);

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    public static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask", SetLastError = true)]
    public static unsafe partial int SignalMask(int how, byte* set, byte* old);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int Execve(string path, nint* arguments, nint* environment);
}
