using Ciel.Agent.Contract;

namespace Ciel.Simulation;

/// <summary>
/// A controller's way to a node: requests are lost, doubled, and come late, after newer ones; answers are lost and late, too.
/// </summary>
internal sealed class LossyAgent(World world, Func<Weather> weather, string controller, string node, IAgent inner, Action<Report> arrived) : IAgent
{
    public Task<Report> Ensure(EnsureRequest request, CancellationToken cancel) =>
        Fly("ensure " + request.Name, () => inner.Ensure(request, CancellationToken.None));

    public Task<Report> Absent(AbsentRequest request, CancellationToken cancel) =>
        Fly("absent " + request.Name, () => inner.Absent(request, CancellationToken.None));

    public Task<IReadOnlyList<Report>> Inventory(CancellationToken cancel) => inner.Inventory(cancel);

    public Task<NodeFacts> Facts(CancellationToken cancel) => inner.Facts(cancel);

    public Task<Stream> Open(string name, string stream, CancellationToken cancel) => inner.Open(name, stream, cancel);

    // In flight a message belongs to nobody: it arrives although its sender has died.
    private Task<Report> Fly(string what, Func<Task<Report>> arrive) => world.Network.Start(async () =>
    {
        var now = weather();
        if (Chance(now.Echo))
        {
            _ = world.Network.Start(() => Echo(what, arrive));
        }

        await Travel(now);
        if (Chance(now.Loss))
        {
            world.Note($"{controller} -> {node} {what}: lost");
            throw new IOException("The request was lost.");
        }

        var report = await Arrive(what, arrive);
        await Travel(now);
        if (Chance(now.Loss))
        {
            world.Note($"{node} -> {controller} {what}: answer lost");
            throw new IOException("The answer was lost.");
        }

        return report;
    });

    private async Task<bool> Echo(string what, Func<Task<Report>> arrive)
    {
        await Task.Delay(Late(), world.Time);
        try
        {
            await Arrive(what + " again", arrive);
            return true;
        }
        catch (AgentRefusedException)
        {
            // Its sender has gone on long ago: nobody hears the refusal, which the event notes.
            return false;
        }
    }

    private async Task<Report> Arrive(string what, Func<Task<Report>> arrive)
    {
        try
        {
            var report = await arrive();
            arrived(report);
            world.Note($"{controller} -> {node} {what}: {report.State}");
            return report;
        }
        catch (AgentRefusedException e)
        {
            world.Note($"{controller} -> {node} {what}: refused{(e.Stale ? " as stale" : "")}");
            throw;
        }
    }

    private Task Travel(Weather now) => Task.Delay(Chance(now.Stall) ? Late() : TimeSpan.FromMilliseconds(1 + world.Random.Next(20)), world.Time);

    private TimeSpan Late() => TimeSpan.FromSeconds(1 + (60 * world.Random.NextDouble()));

    private bool Chance(double chance) => chance > 0 && world.Random.NextDouble() < chance;
}
