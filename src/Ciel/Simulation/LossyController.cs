using Ciel.Agent.Contract;

namespace Ciel.Simulation;

/// <summary>A node's way to any controller that lives; reports are lost too, and the node tells again.</summary>
internal sealed class LossyController(World world, Func<Weather> weather, Func<SimController?> any, Action<Report> told) : IController
{
    public async Task Report(IReadOnlyList<Report> reports, CancellationToken cancel)
    {
        foreach (var report in reports)
        {
            told(report);
        }

        if (world.Random.NextDouble() < weather().Loss || any() is not { } controller)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), world.Time, cancel);
            throw new IOException("The report was lost.");
        }

        var done = controller.Report(reports);
        await done.WaitAsync(TimeSpan.FromSeconds(10), world.Time, cancel);
    }

    public Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) =>
        Task.FromException<MetadataAnswer>(new IOException("Nobody asks in a simulation."));

    public Task<Stream> Fetch(string ticket, CancellationToken cancel) => Task.FromException<Stream>(new IOException("A simulated node keeps no bytes."));

    public Task Store(string ticket, Stream content, CancellationToken cancel) => Task.FromException(new IOException("A simulated node keeps no bytes."));
}
