using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Core.Blobs.Host;

/// <summary>Blobs on a local file system.</summary>
internal sealed class DiskBlobFiles : IBlobFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _root;

    /// <summary>Makes the root where it is missing.</summary>
    public DiskBlobFiles(string root)
    {
        _root = Path.GetFullPath(root);
        Directory.CreateDirectory(_root, OwnerOnly | UnixFileMode.UserExecute);
    }

    public long FreeBytes() => new DriveInfo(_root).AvailableFreeSpace;

    public void MakeDirectory(string path) => Directory.CreateDirectory(Full(path), OwnerOnly | UnixFileMode.UserExecute);

    // .NET has no way to sync a directory: it opens none.
    public void SyncDirectory(string path)
    {
        var descriptor = Check(OpenDirectory(Encoding.UTF8.GetBytes(Full(path) + "\0"), ReadOnly | DirectoryOnly | CloseOnExec));
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Check(Fsync(descriptor));
    }

    public IEnumerable<string> List(string path) => Directory.EnumerateFiles(Full(path)).Select(f => Path.GetFileName(f));

    public IBlobWriter Create(string path)
    {
        var stream = new FileStream(Full(path), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        });
        return new Writer(stream);
    }

    public void Move(string from, string to) => File.Move(Full(from), Full(to));

    public SafeFileHandle Open(string path) => File.OpenHandle(Full(path), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    public void Delete(string path) => File.Delete(Full(path));

    private string Full(string path) => Path.Combine(_root, path);

    private static int Check(int result) => result >= 0
        ? result
        : throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message, Marshal.GetLastPInvokeError());

    private const int ReadOnly = 0;
    private const int DirectoryOnly = 0x10000;
    private const int CloseOnExec = 0x80000;

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenDirectory(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    private sealed class Writer(FileStream stream) : IBlobWriter
    {
        public ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => stream.WriteAsync(bytes, cancel);

        public void Sync() => RandomAccess.FlushToDisk(stream.SafeFileHandle);

        public void Dispose() => stream.Dispose();
    }
}
