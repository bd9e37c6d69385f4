using Ciel.Core.Blobs;

namespace Ciel.Tests.Blobs;

/// <summary>The power goes: everything after it fails, and what was not synced may be lost.</summary>
internal sealed class PowerCutException : Exception;

/// <summary>
/// A file system in memory that knows what is durable. Each call counts as one step; at a chosen step the power goes, or the disk
/// answers with an error. After the cut, entries of directories that were not synced may be there or not, what lies in a directory
/// that is gone is gone, and bytes of files that were not synced may be there, in part or not.
/// </summary>
internal sealed class ModelFiles : IBlobFiles
{
    private const string Above = "..";
    private const string Top = "../..";
    private readonly Dictionary<string, Node> _now = [];
    private readonly Dictionary<string, Node> _durable = [];

    public int Steps { get; private set; }

    public int? CutAt { get; init; }

    public int? FailAt { get; set; }

    /// <summary>Whether every step from <see cref="FailAt"/> on fails.</summary>
    public bool FailsOn { get; set; }

    /// <summary>errno: 28 is a full disk, 5 a broken one.</summary>
    public int Error { get; init; } = 28;

    public long Free { get; set; } = long.MaxValue;

    public long FreeFiles { get; set; } = long.MaxValue;

    public IReadOnlyDictionary<string, Node> Files => _now.Where(n => !n.Value.IsDirectory).ToDictionary();

    /// <summary>The files under their final names.</summary>
    public IReadOnlyDictionary<string, Node> Blobs => Files.Where(f => f.Key.IndexOf('/', StringComparison.Ordinal) == 2).ToDictionary();

    public bool IsCut => CutAt is { } cut && Steps >= cut;

    /// <summary>The file system as it comes back after the cut.</summary>
    /// <param name="survives">Whether a change of a directory survived that was never synced.</param>
    /// <param name="unsynced">The part of a file's unsynced bytes that is there.</param>
    public ModelFiles Reboot(Func<string, bool> survives, double unsynced = 0)
    {
        var back = new ModelFiles();
        foreach (var path in _now.Keys.Union(_durable.Keys))
        {
            if ((survives(path) ? _now : _durable).GetValueOrDefault(path) is { } node)
            {
                var kept = node.Synced + (int)((node.Bytes.Count - node.Synced) * unsynced);
                back._now[path] = back._durable[path] = new Node { IsDirectory = node.IsDirectory, Bytes = [.. node.Bytes.Take(kept)], Synced = kept };
            }
        }

        foreach (var lost in back._now.Keys.Where(p => !back.Reachable(p)).ToArray())
        {
            back._now.Remove(lost);
            back._durable.Remove(lost);
        }

        return back;
    }

    public BlobRoom Room() => Step(() => new BlobRoom(Free, FreeFiles));

    public void MakeDirectory(string path) => Step(() =>
    {
        if (path.Length == 0)
        {
            _now.TryAdd(Above, new Node { IsDirectory = true });
        }

        return Reachable(path) && _now.TryAdd(path, new Node { IsDirectory = true });
    });

    public void SyncDirectory(string path) => Step(() =>
    {
        foreach (var gone in _durable.Keys.Where(f => In(f, path) && !_now.ContainsKey(f)).ToArray())
        {
            _durable.Remove(gone);
        }

        foreach (var (file, node) in _now.Where(f => In(f.Key, path)))
        {
            _durable[file] = node;
        }

        return true;
    });

    public Task Beside(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    public IEnumerable<string> List(string path) => Step(() => _now.Where(f => In(f.Key, path) && !f.Value.IsDirectory).Select(f => Path.GetFileName(f.Key)).ToArray());

    public IBlobWriter Create(string path) => Step(() =>
    {
        var node = new Node();
        Reachable(path).ShouldBeTrue();
        _now.Add(path, node);
        return new Writer(this, node);
    });

    public void Move(string from, string to) => Step(() =>
    {
        Reachable(to).ShouldBeTrue();
        _now[to] = _now[from];
        return _now.Remove(from);
    });

    public IBlobReader Open(string path) => Step(() => _now.TryGetValue(path, out var node) ? new Reader(this, node) : throw new FileNotFoundException(path));

    public void Delete(string path) => Step(() => _now.Remove(path));

    /// <summary>Takes a step: not where the power is gone or the disk fails.</summary>
    public T Step<T>(Func<T> act)
    {
        Steps++;
        if (IsCut)
        {
            throw new PowerCutException();
        }

        return FailAt == Steps || (FailsOn && FailAt < Steps) ? throw new IOException("injected", Error) : act();
    }

    private static string ParentOf(string path) => path switch
    {
        "" => Above,
        Above => Top,
        _ => Path.GetDirectoryName(path)!,
    };

    // No folder lies deeper than the shards.
    private static bool In(string path, string directory) => directory switch
    {
        "" or Above or Top => ParentOf(path) == directory,
        _ => path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory, StringComparison.Ordinal),
    };

    private bool Reachable(string path) => ParentOf(path) is var parent && (parent == Top || (_now.ContainsKey(parent) && Reachable(parent)));

    internal sealed class Node
    {
        public bool IsDirectory { get; init; }

        public List<byte> Bytes { get; init; } = [];

        public int Synced { get; set; }

        public void Flip(int at, byte bits = 1) => Bytes[at] ^= bits;
    }

    private sealed class Writer(ModelFiles files, Node node) : IBlobWriter
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            var copy = bytes.ToArray();
            files.Step(() =>
            {
                node.Bytes.AddRange(copy);
                return true;
            });
        }

        public void Sync() => files.Step(() => node.Synced = node.Bytes.Count);

        public void Dispose()
        {
            // Closing makes nothing durable.
        }
    }

    private sealed class Reader(ModelFiles files, Node node) : IBlobReader
    {
        public long Length => node.Bytes.Count;

        public int Read(Span<byte> into, long offset)
        {
            var count = (int)Math.Min(into.Length, Length - offset);
            files.Step(() => true);
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(node.Bytes).Slice((int)offset, count).CopyTo(into);
            return count;
        }

        public void Forget() => files.Step(() => true);

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
