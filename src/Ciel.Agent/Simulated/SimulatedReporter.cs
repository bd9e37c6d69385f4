using Ciel.Agent.Contract;

namespace Ciel.Agent.Simulated;

/// <summary>Pushes reports to the controller, one batch at a time and in order; what was not taken is sent again.</summary>
internal sealed class SimulatedReporter(Func<IController> controller, TimeProvider time)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly List<Report> _waiting = [];
    private bool _sending;

    public void Tell(Report report)
    {
        lock (_lock)
        {
            _waiting.Add(report);
            if (_sending)
            {
                return;
            }

            _sending = true;
        }

        // A timer and not a call: the teller may hold the lock that the controller's answer needs.
        Start(TimeSpan.Zero);
    }

    private void Start(TimeSpan span)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                _ = Send();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        timer.Change(span, Timeout.InfiniteTimeSpan);
    }

    private async Task Send()
    {
        while (true)
        {
            Report[] batch;
            lock (_lock)
            {
                batch = [.. _waiting];
                if (batch.Length == 0)
                {
                    _sending = false;
                    return;
                }
            }

            try
            {
                await controller().Report(batch, CancellationToken.None);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The controller is away: the next try carries these reports and whatever came since.
                Start(Again);
                return;
            }

            lock (_lock)
            {
                _waiting.RemoveRange(0, batch.Length);
            }
        }
    }
}
