using Ciel.Agent.Contract;
using Ciel.Simulation;

namespace Ciel.Tests.Keepers;

/// <summary>The way to a node, on which one call or its answer is lost.</summary>
/// <param name="world">The node's own work goes on when the caller dies.</param>
/// <param name="inner">The node.</param>
/// <param name="strikes">Counts a call, and says whether the fault strikes here.</param>
/// <param name="told">Hears all that the node says, also what is lost.</param>
internal sealed class CrashNode(World world, IAgent inner, Func<CrashFault, bool> strikes, Action<Report> told) : IAgent
{
    public Task<Report> Ensure(EnsureRequest request, CancellationToken cancel) => Call(() => inner.Ensure(request, cancel));

    public Task<Report> Absent(AbsentRequest request, CancellationToken cancel) => Call(() => inner.Absent(request, cancel));

    public Task<IReadOnlyList<Report>> Inventory(CancellationToken cancel) => inner.Inventory(cancel);

    public Task<NodeFacts> Facts(CancellationToken cancel) => inner.Facts(cancel);

    public Task<Stream> Open(string name, string stream, CancellationToken cancel) => inner.Open(name, stream, cancel);

    private async Task<Report> Call(Func<Task<Report>> call)
    {
        if (strikes(CrashFault.CallLost))
        {
            throw new IOException("The call was lost.");
        }

        var report = await world.Network.Start(call);
        told(report);
        return strikes(CrashFault.AnswerLost) ? throw new IOException("The answer was lost.") : report;
    }
}
