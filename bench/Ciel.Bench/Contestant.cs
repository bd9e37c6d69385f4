using System.Diagnostics;

namespace Ciel.Bench;

/// <summary>Something that callers do again and again.</summary>
/// <param name="what">What it is, for the reader.</param>
/// <param name="unit">What is counted, such as <c>commits/s</c>.</param>
/// <param name="callers">How many do it at once, each again as soon as it is done.</param>
/// <param name="act">Does it once; gets a number that no other call got.</param>
internal sealed class Contestant(string what, string unit, int callers, Func<long, Task> act)
{
    public string What => what;

    public string Unit => unit;

    public int Callers => callers;

    /// <summary>Whose CPU time counts; null where nobody's does.</summary>
    public Objects.Server? Server { get; init; }

    /// <summary>CPU milliseconds of the server for each time, over all turns.</summary>
    public double? Cpu => Server is null || done == 0 ? null : cpu / done;

    /// <summary>Begins to count CPU time anew: what it took to get warm is nobody's cost.</summary>
    public void Forget() => (done, cpu) = (0, 0);

    private long number;
    private long done;
    private double cpu;

    /// <summary>How often it got done in a second, for so long.</summary>
    public async Task<double> Rate(TimeSpan span)
    {
        var clock = Stopwatch.StartNew();
        var before = Server?.Cpu ?? 0;
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            long count = 0;
            for (; clock.Elapsed < span; count++) await act(Interlocked.Increment(ref number));
            return count;
        })));
        var rate = counts.Sum() / clock.Elapsed.TotalSeconds;
        done += counts.Sum();
        cpu += (Server?.Cpu ?? 0) - before;
        return rate;
    }
}
