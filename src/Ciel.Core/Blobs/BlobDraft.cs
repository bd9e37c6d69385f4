namespace Ciel.Core.Blobs;

/// <summary>
/// A blob on its way to a disk, or to several where copies are kept. A disk that fails is left out as long as another goes on; the scrub
/// brings the copies up to their number again.
/// </summary>
internal sealed class BlobDraft : IDisposable
{
    private readonly List<Copy> _copies = [];
    private readonly Action<string, Exception> _failed;

    private BlobDraft(Action<string, Exception> failed) => _failed = failed;

    /// <summary>Begins on the first disks that take it.</summary>
    /// <param name="disks">Where, best first.</param>
    /// <param name="copies">On how many of them.</param>
    /// <param name="temporary">The file's name until it is whole.</param>
    /// <param name="failed">Hears of disks that were left out.</param>
    /// <exception cref="IOException">None takes it.</exception>
    public static BlobDraft Begin(IEnumerable<BlobDisk> disks, int copies, string temporary, Action<string, Exception> failed)
    {
        var draft = new BlobDraft(failed);
        IOException? last = null;
        foreach (var disk in disks)
        {
            try
            {
                draft._copies.Add(new Copy(disk, disk.Files.Create(temporary)) { Path = temporary });
            }
            catch (IOException e)
            {
                last = e;
                failed(disk.Name, e);
            }

            if (draft._copies.Count == copies)
            {
                return draft;
            }
        }

        return draft._copies.Count > 0 ? draft : throw last!;
    }

    /// <summary>Appends.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        for (var i = _copies.Count - 1; i >= 0; i--)
        {
            try
            {
                _copies[i].File.Write(bytes);
            }
            catch (IOException e)
            {
                LeaveOut(_copies[i], e);
            }
        }
    }

    /// <summary>
    /// Gives it its final name and makes bytes and name durable, both at once: one wait for the disk. Until a row names it nobody minds that
    /// a power cut may leave the name without its bytes.
    /// </summary>
    /// <param name="id">The blob.</param>
    /// <param name="sync">False to leave that to the system.</param>
    public async Task Finish(string id, bool sync)
    {
        var final = BlobDisk.PathOf(id);
        foreach (var copy in _copies.ToArray())
        {
            try
            {
                copy.Disk.Files.Move(copy.Path, final);
                copy.Path = final;
                copy.Named = sync ? copy.Disk.Files.Beside(() => copy.Disk.Files.SyncDirectory(Path.GetDirectoryName(final)!)) : Task.CompletedTask;
                copy.Synced = sync && copy != _copies[0] ? copy.Disk.Files.Beside(copy.File.Sync) : Task.CompletedTask;
            }
            catch (IOException e)
            {
                LeaveOut(copy, e);
            }
        }

        foreach (var copy in _copies.ToArray())
        {
            try
            {
                if (sync && copy == _copies[0])
                {
                    copy.File.Sync();
                }

                await copy.Synced;
                await copy.Named;
            }
            catch (IOException e)
            {
                LeaveOut(copy, e);
            }
        }
    }

    /// <summary>Removes all of it; what cannot be removed now is removed at the next start or by the sweep.</summary>
    public void Discard()
    {
        foreach (var copy in _copies)
        {
            Discard(copy);
        }
    }

    public void Dispose()
    {
        foreach (var copy in _copies)
        {
            copy.File.Dispose();
        }
    }

    private void LeaveOut(Copy copy, IOException e)
    {
        if (_copies.Count == 1)
        {
            throw e;
        }

        _failed(copy.Disk.Name, e);
        _copies.Remove(copy);
        copy.File.Dispose();
        Discard(copy);
    }

    private void Discard(Copy copy)
    {
        try
        {
            copy.Disk.Files.Delete(copy.Path);
        }
        catch (IOException e)
        {
            _failed(copy.Disk.Name, e);
        }
    }

    private sealed class Copy(BlobDisk disk, IBlobWriter file)
    {
        public BlobDisk Disk => disk;

        public IBlobWriter File => file;

        public string Path { get; set; } = "";

        public Task Named { get; set; } = Task.CompletedTask;

        public Task Synced { get; set; } = Task.CompletedTask;
    }
}
