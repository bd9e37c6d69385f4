namespace Ciel.Core.Blobs;

/// <summary>
/// The few things that blobs ask of a file system, so that tests can fail or stop between any two. Paths are relative to one root;
/// only syncs lead above it. Everything may throw <see cref="IOException"/>.
/// </summary>
internal interface IBlobFiles
{
    /// <summary>What is still free.</summary>
    BlobRoom Room();

    /// <summary>Makes a directory that may exist already; the empty path is the root itself, with all above it.</summary>
    void MakeDirectory(string path);

    /// <summary>Makes the directory's entries durable.</summary>
    void SyncDirectory(string path);

    /// <summary>Does something of this that waits for the disk beside what the caller does meanwhile.</summary>
    Task Beside(Action act);

    /// <summary>The names of a directory's files; none where there is no directory.</summary>
    IEnumerable<string> List(string path);

    /// <summary>Makes a new file, readable by its owner only.</summary>
    IBlobWriter Create(string path);

    /// <summary>Gives a file its final name within the same file system, over what had it.</summary>
    void Move(string from, string to);

    /// <summary>Opens a file to read.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    IBlobReader Open(string path);

    /// <summary>Removes a file; none is no error.</summary>
    void Delete(string path);
}

/// <summary>What a file system has free for this process.</summary>
/// <param name="Bytes">Bytes.</param>
/// <param name="Files">Inodes; <see cref="long.MaxValue"/> where the file system makes them as it needs them.</param>
internal readonly record struct BlobRoom(long Bytes, long Files);

/// <summary>A file that is being written from its beginning to its end.</summary>
internal interface IBlobWriter : IDisposable
{
    /// <summary>Appends.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Makes what was written durable.</summary>
    void Sync();
}

/// <summary>An open file. It stays readable when it is deleted meanwhile.</summary>
internal interface IBlobReader : IDisposable
{
    /// <summary>Bytes.</summary>
    long Length { get; }

    /// <summary>Reads at an offset.</summary>
    /// <returns>How many bytes were read; fewer than asked happens, none only at the end.</returns>
    int Read(Span<byte> into, long offset);

    /// <summary>Drops what the system keeps of it in memory, so that the next read asks the disk.</summary>
    void Forget();
}
