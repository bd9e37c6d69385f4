using System.Diagnostics;
using System.Text.Json;

namespace Ciel.Live.Billing;

/// <summary>Looks from outside, over and over, at what there is, and keeps for each thing between which two looks it came and went. It knows nothing of the ledger.</summary>
internal sealed class Observer(BillsApi api)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private readonly Dictionary<(string Kind, string Id), List<Sighting>> _seen = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Looks until told to stop.</summary>
    public async Task Watch(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Look("image", "/image/v2/images", "images", i => i.GetProperty("status").GetString() == "active");
            await Look("address", "/network/v2.0/floatingips", "floatingips", _ => true);
            await Look("address", "/network/v2.0/ports?device_owner=network:router_gateway", "ports", _ => true);
            await Look("server", "/compute/v2.1/servers/detail", "servers", There);
            await Look("running", "/compute/v2.1/servers/detail", "servers", s => There(s) && s.GetProperty("status").GetString() == "ACTIVE");
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>Every thing of a kind, with the fewest and the most seconds that it can have been there.</summary>
    public IEnumerable<(string Id, double Least, double Most)> Of(string kind) => _seen.Where(s => s.Key.Kind == kind)
        .Select(s => (s.Key.Id, s.Value.Sum(v => Math.Max(0, v.LastSeen - v.FirstSeen)), s.Value.Sum(v => v.Gone - v.NotYet)));

    private static bool There(JsonElement server) => server.GetProperty("status").GetString() is "ACTIVE" or "SHUTOFF" && server.GetProperty("OS-EXT-STS:task_state").GetString() != "deleting";

    // What an answer shows was so at some instant between its question and it.
    private readonly Dictionary<(string, string), double> _asked = [];

    private async Task Look(string kind, string path, string name, Func<JsonElement, bool> counts)
    {
        var asked = _clock.Elapsed.TotalSeconds;
        var there = (await api.Ask(HttpMethod.Get, path)).GetProperty(name).EnumerateArray().Where(counts).Select(e => e.GetProperty("id").GetString()!).ToHashSet();
        var answered = _clock.Elapsed.TotalSeconds;
        var before = _asked.GetValueOrDefault((kind, name), 0);
        foreach (var id in there)
        {
            var all = _seen.TryGetValue((kind, id), out var known) ? known : _seen[(kind, id)] = [];
            if (all.Count == 0 || all[^1].Gone < double.MaxValue)
            {
                all.Add(new() { From = name, NotYet = before, FirstSeen = answered });
            }

            all[^1].LastSeen = asked;
        }

        foreach (var (key, all) in _seen.Where(s => s.Key.Kind == kind && s.Value[^1].From == name && s.Value[^1].Gone == double.MaxValue && !there.Contains(s.Key.Id)))
        {
            all[^1].Gone = answered;
        }

        _asked[(kind, name)] = asked;
    }

    private sealed class Sighting
    {
        public required string From { get; init; }

        /// <summary>Before this question it was not there.</summary>
        public double NotYet { get; init; }

        public double FirstSeen { get; init; }

        public double LastSeen { get; set; }

        public double Gone { get; set; } = double.MaxValue;
    }
}
