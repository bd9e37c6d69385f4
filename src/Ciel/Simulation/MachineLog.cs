using Ciel.Agent.Contract;

namespace Ciel.Simulation;

/// <summary>When machines really ran, by what their nodes said, whether a controller heard it or not.</summary>
internal sealed class MachineLog
{
    private readonly Dictionary<(string Machine, string Node), List<(long Since, string State)>> _states = [];

    public void Note(Report report)
    {
        if (ObjectName.Kind(report.Name) != "machine")
        {
            return;
        }

        var key = (ObjectName.Id(report.Name), report.Node);
        (_states.TryGetValue(key, out var states) ? states : _states[key] = []).Add((report.SinceMicros, report.State));
    }

    /// <summary>Whether the machine ran on one node all the time; null for until now. A reboot does not end a run.</summary>
    public bool Ran(string machine, long from, long? to) => _states.Where(s => s.Key.Machine == machine).Any(s => Runs(s.Value)
        .Any(run => run.From <= from && (run.To is not { } end || to <= end)));

    private static IEnumerable<(long From, long? To)> Runs(List<(long Since, string State)> states)
    {
        long? from = null;
        foreach (var (since, state) in states.OrderBy(s => s.Since))
        {
            if (state == ObjectStates.Running)
            {
                from ??= since;
            }
            else if (from is { } begun && state is ObjectStates.Stopped or ObjectStates.Failed or ObjectStates.Absent)
            {
                yield return (begun, since);
                from = null;
            }
        }

        if (from is { } running)
        {
            yield return (running, null);
        }
    }
}
