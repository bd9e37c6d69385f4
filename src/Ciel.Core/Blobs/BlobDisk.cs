namespace Ciel.Core.Blobs;

/// <summary>One of the disks that blobs lie on.</summary>
/// <param name="Name">Its directory, for the operator.</param>
/// <param name="Files">A service's folder on it.</param>
internal sealed record BlobDisk(string Name, IBlobFiles Files)
{
    /// <summary>Where half-written files lie.</summary>
    public const string Incoming = "incoming";

    /// <summary>Where a blob lies on each disk that has it.</summary>
    /// <exception cref="ArgumentException">It is no blob's id.</exception>
    public static string PathOf(string id) => IsId(id)
        ? Path.Combine(id[^2..], id)
        : throw new ArgumentException($"'{id}' is no blob's id", nameof(id));

    public static bool IsId(string id) => id.Length == 36 && Guid.TryParseExact(id, "D", out _);

    /// <summary>Whether there is a file of that id, whole or not.</summary>
    public bool Has(string id)
    {
        try
        {
            using var file = Files.Open(PathOf(id));
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    public bool HasRoom(BlobOptions options, long bytes)
    {
        var room = Files.Room();
        return room.Bytes - options.Reserve >= bytes && room.Files > options.ReserveFiles;
    }

    /// <summary>Makes the folders durable, up to the directory that the root lies in, and empties the one of half-written files.</summary>
    public void Prepare()
    {
        Files.MakeDirectory("");
        Files.MakeDirectory(Incoming);
        Files.MakeDirectory(DamageList.Folder);
        foreach (var shard in BlobStore.Shards)
        {
            Files.MakeDirectory(shard);
        }

        Files.SyncDirectory("");
        Files.SyncDirectory("..");
        Files.SyncDirectory("../..");
        foreach (var leftover in Files.List(Incoming).ToArray())
        {
            Files.Delete(Path.Combine(Incoming, leftover));
        }
    }
}
