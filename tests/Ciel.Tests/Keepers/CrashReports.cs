using Ciel.Agent.Contract;
using Ciel.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Keepers;

/// <summary>The node's way to the controller that lives now.</summary>
internal sealed class CrashReports(Func<SimController> controller, TimeProvider time, Action<Report> told) : IController
{
    public Task Report(IReadOnlyList<Report> reports, CancellationToken cancel)
    {
        foreach (var report in reports)
        {
            told(report);
        }

        return controller().Report(reports).WaitAsync(TimeSpan.FromSeconds(5), time, cancel);
    }

    public Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) => Task.FromException<MetadataAnswer>(new IOException("No guest asks here."));

    public Task<Stream> Fetch(string ticket, CancellationToken cancel) => Task.FromException<Stream>(new IOException("The node keeps no bytes."));

    // Files are written on other threads: the simulation's own stands still meanwhile, so that no virtual time passes.
    public Task Store(string ticket, Stream content, CancellationToken cancel)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            controller().Parts.GetRequiredService<IController>().Store(ticket, content, cancel).GetAwaiter().GetResult();
            return Task.CompletedTask;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
