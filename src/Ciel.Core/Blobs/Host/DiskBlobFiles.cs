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

    public void Delete(string path) => File.Delete(Full(path));

    private string Full(string path) => Path.Combine(_root, path);

    private sealed class Writer(FileStream stream) : IBlobWriter
    {
        public void Write(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

        public void Sync() => RandomAccess.FlushToDisk(stream.SafeFileHandle);

        public void Dispose() => stream.Dispose();
    }

    private sealed class Reader(SafeFileHandle file) : IBlobReader
    {
        public long Length { get; } = RandomAccess.GetLength(file);

        public int Read(Span<byte> into, long offset) => RandomAccess.Read(file, into, offset);

        public void Forget() => Libc.Forget(file);

        public void Dispose() => file.Dispose();
    }
}
