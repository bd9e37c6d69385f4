using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent;

/// <summary>
/// Pushes reports to a controller: in order, until delivered, and of several about one name only the newest. It holds at most one
/// report for each object, so a controller that is away for long costs no more memory.
/// </summary>
internal sealed class ReportQueue(IController controller, TimeProvider time) : IAsyncDisposable
{
    private const int Batch = 256;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lock door = new();
    private readonly OrderedDictionary<string, Report> waiting = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim filled = new(0);
    private readonly CancellationTokenSource stopped = new();
    private Task pump = Task.CompletedTask;

    /// <summary>Begins to push.</summary>
    public void Start() => pump = Background.Start(Pump);

    /// <summary>Adds a report; it replaces an undelivered one about the same name.</summary>
    public void Add(Report report)
    {
        lock (door)
        {
            waiting.Remove(report.Name);
            waiting.Add(report.Name, report);
        }

        filled.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        await pump;
        stopped.Dispose();
        filled.Dispose();
    }

    private async Task Pump()
    {
        var pause = FirstPause;
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await filled.WaitAsync(stopped.Token);
                while (Next() is { Count: > 0 } batch)
                {
                    pause = await Deliver(batch, pause);
                }
            }
            catch (OperationCanceledException) when (stopped.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<TimeSpan> Deliver(IReadOnlyList<Report> batch, TimeSpan pause)
    {
        try
        {
            await controller.Report(batch, stopped.Token);
            Delivered(batch);
            return FirstPause;
        }
        catch (Exception e) when (!stopped.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"agent: reports not delivered, trying again: {e.Message}");
            await Task.Delay(pause, time, stopped.Token);
            return pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private List<Report> Next()
    {
        lock (door)
        {
            return [.. waiting.Values.Take(Batch)];
        }
    }

    private void Delivered(IReadOnlyList<Report> batch)
    {
        lock (door)
        {
            foreach (var report in batch.Where(report => waiting.TryGetValue(report.Name, out var now) && ReferenceEquals(now, report)))
            {
                waiting.Remove(report.Name);
            }
        }
    }
}
