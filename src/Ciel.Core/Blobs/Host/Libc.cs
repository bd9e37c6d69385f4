using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Core.Blobs.Host;

/// <summary>What .NET does not offer of Linux: syncing a directory, free inodes, dropping cached pages, writing past them.</summary>
internal static class Libc
{
    private const int ReadOnly = 0;
    private const int DirectoryOnly = 0x10000;
    private const int CloseOnExec = 0x80000;
    private const int DoNotNeed = 4;
    private const int SetFlags = 4;
    private const int PastMemory = 0x4000;

    public static void SyncDirectory(string path)
    {
        var descriptor = Check(Open(Encoding.UTF8.GetBytes(path + "\0"), ReadOnly | DirectoryOnly | CloseOnExec));
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Check(Fsync(handle));
    }

    public static BlobRoom Room(string path)
    {
        Check(StatVfs(Encoding.UTF8.GetBytes(path + "\0"), out var stat));
        // btrfs and others make inodes as they need them and say that there are none.
        return new BlobRoom((long)(stat.AvailableBlocks * stat.FragmentSize), stat.Files == 0 ? long.MaxValue : (long)stat.AvailableFiles);
    }

    public static void Forget(SafeFileHandle file)
    {
        var error = Advise(file, 0, 0, DoNotNeed);
        if (error != 0)
        {
            throw Failed(error);
        }
    }

    /// <summary>Makes the next writes go to the disk without a copy in the system's memory, or no longer (O_DIRECT).</summary>
    /// <returns>False where the file system cannot.</returns>
    public static bool WritePastMemory(SafeFileHandle file, bool past) => Control(file, SetFlags, past ? PastMemory : 0) == 0;

    private static int Check(int result) => result >= 0 ? result : throw Failed(Marshal.GetLastPInvokeError());

    private static IOException Failed(int error) => new(new Win32Exception(error).Message, error);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "statvfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatVfs(byte[] path, out Stat stat);

    [DllImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(SafeFileHandle file, long offset, long length, int advice);

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle file, int command, int argument);

    // struct statvfs of glibc on 64-bit systems; the rest is padded well beyond its end.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private readonly struct Stat
    {
        public readonly ulong BlockSize;
        public readonly ulong FragmentSize;
        public readonly ulong Blocks;
        public readonly ulong FreeBlocks;
        public readonly ulong AvailableBlocks;
        public readonly ulong Files;
        public readonly ulong FreeFiles;
        public readonly ulong AvailableFiles;
    }
}
