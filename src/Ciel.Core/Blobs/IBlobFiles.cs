using Microsoft.Win32.SafeHandles;

namespace Ciel.Core.Blobs;

/// <summary>
/// The few things that blobs ask of a file system, so that tests can fail or stop between any two. Paths are relative to one root.
/// Everything may throw <see cref="IOException"/>.
/// </summary>
internal interface IBlobFiles
{
    /// <summary>Bytes that are still free.</summary>
    long FreeBytes();

    /// <summary>Makes a directory that may exist already.</summary>
    void MakeDirectory(string path);

    /// <summary>Makes the directory's entries durable.</summary>
    void SyncDirectory(string path);

    /// <summary>The names of a directory's files.</summary>
    IEnumerable<string> List(string path);

    /// <summary>Makes a new file, readable by its owner only.</summary>
    IBlobWriter Create(string path);

    /// <summary>Gives a file its final name within the same file system.</summary>
    void Move(string from, string to);

    /// <summary>Opens a file to read.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    SafeFileHandle Open(string path);

    /// <summary>Removes a file; none is no error.</summary>
    void Delete(string path);
}

/// <summary>A file that is being written from its beginning to its end.</summary>
internal interface IBlobWriter : IDisposable
{
    /// <summary>Appends.</summary>
    ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

    /// <summary>Makes what was written durable.</summary>
    void Sync();
}
