using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Core.Blobs.Host;

/// <summary>Blobs on a local file system.</summary>
internal sealed class DiskBlobFiles(string root) : IBlobFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _root = Path.GetFullPath(root);

    public BlobRoom Room() => Libc.Room(_root);

    public void MakeDirectory(string path) => Directory.CreateDirectory(Full(path), OwnerOnly | UnixFileMode.UserExecute);

    public void SyncDirectory(string path) => Libc.SyncDirectory(Full(path));

#pragma warning disable RS0030 // The system has no asynchronous sync: waiting for two at once takes a second thread.
    public Task Beside(Action act) => Task.Run(act);
#pragma warning restore RS0030

    // Where another process looks in before the first start there is no directory yet.
    public IEnumerable<string> List(string path) => Directory.Exists(Full(path)) ? Directory.EnumerateFiles(Full(path)).Select(f => Path.GetFileName(f)) : [];

    public IBlobWriter Create(string path) => new Writer(new FileStream(
        Full(path),
        new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = OwnerOnly }));

    // Overwriting makes it one rename; ids are never made twice.
    public void Move(string from, string to) => File.Move(Full(from), Full(to), overwrite: true);

    public IBlobReader Open(string path)
    {
        try
        {
            return new Reader(File.OpenHandle(Full(path), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException(e.Message, path, e);
        }
    }

    // Where the whole disk is away the file is, too.
    public void Delete(string path)
    {
        if (File.Exists(Full(path)))
        {
            File.Delete(Full(path));
        }
    }

    private string Full(string path) => Path.Combine(_root, path);

    // Whole pieces go past the system's memory: no copy, and the disk works while the next piece comes. What is small or odd goes through it.
    private sealed class Writer(FileStream stream) : IBlobWriter
    {
        private readonly SafeFileHandle _file = stream.SafeFileHandle;
        private long _at;
        private bool _past;
        private bool _cannot;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            var past = !_cannot && bytes.Length == BlobStore.Piece && _at % BlobStore.Piece == 0 && IsAligned(bytes);
            if (past != _past)
            {
                _cannot = !Libc.WritePastMemory(_file, past);
                _past = past && !_cannot;
            }

            RandomAccess.Write(_file, bytes, _at);
            _at += bytes.Length;
        }

        public void Sync() => RandomAccess.FlushToDisk(_file);

        public void Dispose() => stream.Dispose();

        private static bool IsAligned(ReadOnlySpan<byte> bytes) =>
            Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(bytes)) % PieceBuffers.Page == 0;
    }

    private sealed class Reader(SafeFileHandle file) : IBlobReader
    {
        public long Length { get; } = RandomAccess.GetLength(file);

        public int Read(Span<byte> into, long offset) => RandomAccess.Read(file, into, offset);

        public void Forget() => Libc.Forget(file);

        public void Dispose() => file.Dispose();
    }
}
