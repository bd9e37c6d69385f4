using Ciel.Core.Blobs;
using Microsoft.Win32.SafeHandles;

namespace Ciel.Tests.Blobs;

/// <summary>The power goes: everything after it fails, and what was not synced may be lost.</summary>
internal sealed class PowerCutException : Exception;

/// <summary>
/// A file system in memory that knows what is durable. Each call counts as one step; at a chosen step the power goes, or the disk
/// answers with an error. After the cut, entries of directories that were not synced may be there or not, and bytes of files
/// that were not synced are lost.
/// </summary>
internal sealed class ModelFiles : IBlobFiles
{
    private readonly Dictionary<string, Node> _now = [];
    private readonly Dictionary<string, Node> _durable = [];
    private readonly HashSet<string> _directories = [];

    public int Steps { get; private set; }

    public int? CutAt { get; init; }

    public int? FailAt { get; set; }

    /// <summary>errno: 28 is a full disk, 5 a broken one.</summary>
    public int Error { get; init; } = 28;

    public long Free { get; set; } = long.MaxValue;

    public IReadOnlyDictionary<string, Node> Files => _now;

    public bool IsCut => CutAt is { } cut && Steps >= cut;

    /// <summary>The file system as it comes back after the cut.</summary>
    /// <param name="survives">Whether a change of a directory survived that was never synced.</param>
    public ModelFiles Reboot(Func<string, bool> survives)
    {
        var back = new ModelFiles();
        back._directories.UnionWith(_directories);
        foreach (var path in _now.Keys.Union(_durable.Keys))
        {
            var node = survives(path) ? _now.GetValueOrDefault(path) : _durable.GetValueOrDefault(path);
            if (node is not null)
            {
                back._now[path] = back._durable[path] = new Node { Bytes = [.. node.Bytes.Take(node.Synced)], Synced = node.Synced };
            }
        }

        return back;
    }

    public long FreeBytes() => Step(() => Free);

    public void MakeDirectory(string path) => Step(() => _directories.Add(path));

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

    public IEnumerable<string> List(string path) => Step(() => _now.Keys.Where(f => In(f, path)).Select(f => Path.GetFileName(f)).ToArray());

    public IBlobWriter Create(string path) => Step(() =>
    {
        var node = new Node();
        _now.Add(path, node);
        return new Writer(this, node);
    });

    public void Move(string from, string to) => Step(() =>
    {
        _now.Add(to, _now[from]);
        return _now.Remove(from);
    });

    public SafeFileHandle Open(string path) => throw new NotSupportedException();

    public void Delete(string path) => Step(() => _now.Remove(path));

    private static bool In(string file, string directory) => Path.GetDirectoryName(file) == directory;

    private T Step<T>(Func<T> act)
    {
        Steps++;
        if (IsCut)
        {
            throw new PowerCutException();
        }

        return FailAt == Steps ? throw new IOException("injected", Error) : act();
    }

    internal sealed class Node
    {
        public List<byte> Bytes { get; init; } = [];

        public int Synced { get; set; }
    }

    private sealed class Writer(ModelFiles files, Node node) : IBlobWriter
    {
        public ValueTask Write(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
        {
            files.Step(() =>
            {
                node.Bytes.AddRange(bytes.Span);
                return true;
            });
            return ValueTask.CompletedTask;
        }

        public void Sync() => files.Step(() => node.Synced = node.Bytes.Count);

        public void Dispose()
        {
            // Closing makes nothing durable.
        }
    }
}
