using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent;

/// <summary>
/// The agent's memory of every name: fence, last spec, last state. One small file each, replaced whole and synced before a driver
/// hears of the call, so that no crash makes the agent accept an older fence.
/// </summary>
internal sealed partial class RecordStore
{
    /// <summary>No lease lives this long, so a name that is absent may be forgotten then.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<string, AgentRecord> records = new(StringComparer.Ordinal);
    private readonly string directory;
    private readonly TimeProvider time;
    private readonly Lock[] doors = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    /// <summary>Opens the store in a directory, and reads what an earlier agent kept there.</summary>
    public RecordStore(string directory, TimeProvider time)
    {
        (this.directory, this.time) = (directory, time);
        Files.MakeDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.EnumerateFiles(directory, "*.json", SearchOption.AllDirectories))
        {
            var record = Files.ReadJson(file, AgentJson.Default.AgentRecord)!;
            if (record is { Spec: null, State: ObjectStates.Absent } && NowMicros() - record.SinceMicros > Remembered.TotalMicroseconds)
            {
                File.Delete(file);
                continue;
            }

            var kind = Path.GetFileName(Path.GetDirectoryName(file)!);
            records[$"{kind}/{Path.GetFileNameWithoutExtension(file)}"] = record;
        }
    }

    /// <summary>Names with what is kept of them.</summary>
    public IEnumerable<KeyValuePair<string, AgentRecord>> All => records;

    /// <summary>What is kept of a name; null for one never seen.</summary>
    public AgentRecord? Find(string name) => records.GetValueOrDefault(name);

    /// <summary>Held while one name is read and written.</summary>
    public Lock DoorOf(string name) => doors[(uint)name.GetHashCode(StringComparison.Ordinal) % doors.Length];

    /// <summary>Takes the fence of a call with the spec that it brings, durably.</summary>
    /// <exception cref="AgentRefusedException">A newer fence was taken before, or the name is none.</exception>
    public void Accept(string name, Fence fence, ObjectSpec? spec)
    {
        if (!ValidName().IsMatch(name))
        {
            throw new AgentRefusedException($"not an object's name: {name}");
        }

        lock (DoorOf(name))
        {
            var known = Find(name);
            if (known is not null && fence < known.Fence)
            {
                throw new AgentRefusedException($"{name}: fence {fence} is older than {known.Fence}", stale: true);
            }

            Save(name, new AgentRecord(fence, spec, known?.State ?? ObjectStates.Absent, known?.SinceMicros ?? NowMicros()));
        }
    }

    /// <summary>Notes a new state, and answers the record. The caller holds the name's door.</summary>
    public AgentRecord Observe(string name, string state)
    {
        var known = Find(name) ?? new AgentRecord(new Fence(0, 0, 0, 0), null, "", 0);
        if (known.State == state)
        {
            return known;
        }

        // Strictly later than the state before, so that a reader can order two reports whatever the clock does.
        var next = known with { State = state, SinceMicros = Math.Max(NowMicros(), known.SinceMicros + 1) };
        Save(name, next);
        return next;
    }

    private long NowMicros() => time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    private void Save(string name, AgentRecord record)
    {
        var path = Path.Combine(directory, name + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Files.WriteJson(path, record, AgentJson.Default.AgentRecord);
        records[name] = record;
    }

    [GeneratedRegex("^[a-z]{1,20}/[0-9A-Za-z][0-9A-Za-z-]{10,63}\\z")]
    private static partial Regex ValidName();
}
