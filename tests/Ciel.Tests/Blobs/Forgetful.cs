using Ciel.Core.Blobs;

namespace Ciel.Tests.Blobs;

/// <summary>What a store may forget, for the proof that the power-cut test notices.</summary>
public enum Forgets
{
    Nothing,
    SyncOfFiles,
    SyncOfShards,
    SyncOfFolder,
    SyncOfRoot,
    SyncOfDataDirectory,
    SyncOfRows,
    SyncOfFilesInTime,
    SyncOfShardsInTime,
    OrderOfRowAndDelete,
}

/// <summary>Files that do not do one kind of sync, or do it too late.</summary>
internal sealed class Forgetful(IBlobFiles files, Forgets forgets) : IBlobFiles
{
    private Action? _late;

    public BlobRoom Room() => files.Room();

    public void MakeDirectory(string path) => files.MakeDirectory(path);

    public void SyncDirectory(string path)
    {
        var forgotten = path switch { "" => Forgets.SyncOfFolder, ".." => Forgets.SyncOfRoot, "../.." => Forgets.SyncOfDataDirectory, _ => Forgets.SyncOfShards };
        if (forgets == Forgets.SyncOfShardsInTime && forgotten == Forgets.SyncOfShards)
        {
            _late += () => files.SyncDirectory(path);
        }
        else if (forgotten != forgets)
        {
            files.SyncDirectory(path);
        }
    }

    public Task Beside(Action act) => files.Beside(act);

    public IEnumerable<string> List(string path) => files.List(path);

    // What was left out in time is done before the next blob.
    public IBlobWriter Create(string path)
    {
        _late?.Invoke();
        _late = null;
        return new Writer(this, files.Create(path), forgets);
    }

    public void Move(string from, string to) => files.Move(from, to);

    public IBlobReader Open(string path) => files.Open(path);

    public void Delete(string path) => files.Delete(path);

    private sealed class Writer(Forgetful owner, IBlobWriter writer, Forgets forgets) : IBlobWriter
    {
        public void Write(ReadOnlySpan<byte> bytes) => writer.Write(bytes);

        public void Sync()
        {
            if (forgets == Forgets.SyncOfFilesInTime)
            {
                owner._late += writer.Sync;
            }
            else if (forgets != Forgets.SyncOfFiles)
            {
                writer.Sync();
            }
        }

        public void Dispose() => writer.Dispose();
    }
}
