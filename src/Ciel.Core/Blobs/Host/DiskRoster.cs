namespace Ciel.Core.Blobs.Host;

/// <summary>
/// Which disks blobs lie on: the root, and those that were ever given besides. A file on each says that it is there: where it is missing
/// the disk is not mounted, and nothing may be written into the empty directory below.
/// </summary>
internal sealed class DiskRoster(BlobOptions options)
{
    private const string Mark = "ciel-blobs";
    private readonly string _list = Path.Combine(options.Root, "disks");

    /// <summary>The directories of disks that are not there now.</summary>
    public IReadOnlyList<string> Gone => [.. Known().Where(d => !IsThere(d))];

    /// <summary>A service's folders on the disks that are there; the root's is the first.</summary>
    public IReadOnlyList<BlobDisk> Disks(string service) =>
        [.. Known().Where(IsThere).Prepend(options.Root).Select(d => new BlobDisk(d, new DiskBlobFiles(Path.Combine(d, service))))];

    /// <summary>Takes new disks into use: marks each, then lists it.</summary>
    public void Admit()
    {
        Directory.CreateDirectory(options.Root);
        foreach (var disk in options.Disks.Select(d => Path.GetFullPath(d)).Except(Known()).ToArray())
        {
            Directory.CreateDirectory(disk);
            Write(Path.Combine(disk, Mark), "Blobs of a Ciel lie here. Do not remove this file: without it the disk counts as not mounted.\n");
            Libc.SyncDirectory(disk);
            Write(_list, string.Join('\n', Known().Append(disk)) + "\n");
            Libc.SyncDirectory(options.Root);
        }
    }

    private static bool IsThere(string disk) => File.Exists(Path.Combine(disk, Mark));

    private string[] Known() => File.Exists(_list) ? File.ReadAllLines(_list) : [];

    private static void Write(string path, string text)
    {
        var whole = path + ".new";
        using (var file = new StreamWriter(whole))
        {
            file.Write(text);
            file.Flush();
            RandomAccess.FlushToDisk(((FileStream)file.BaseStream).SafeFileHandle);
        }

        File.Move(whole, path, overwrite: true);
    }
}
