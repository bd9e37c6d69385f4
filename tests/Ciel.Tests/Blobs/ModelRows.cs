namespace Ciel.Tests.Blobs;

/// <summary>The metadata's commit log: which blobs rows name. A commit writes, then syncs; each counts as a step of the same disk.</summary>
/// <param name="disk">Whose power goes.</param>
/// <param name="syncs">False for a log that forgets to.</param>
internal sealed class ModelRows(ModelFiles disk, bool syncs = true)
{
    private readonly List<(string? Add, string? Remove)> _log = [];
    private int _synced;

    public void Commit(string? add, string? remove = null)
    {
        disk.Step(() =>
        {
            _log.Add((add, remove));
            return true;
        });
        disk.Step(() => _synced = syncs ? _log.Count : _synced);
    }

    /// <summary>What rows name after the cut.</summary>
    /// <param name="unsynced">Whether what was written and not synced is there.</param>
    public HashSet<string> Reboot(bool unsynced)
    {
        var rows = new HashSet<string>();
        foreach (var (add, remove) in _log.Take(unsynced ? _log.Count : _synced))
        {
            rows.Remove(remove ?? "");
            if (add is not null) rows.Add(add);
        }

        return rows;
    }
}
