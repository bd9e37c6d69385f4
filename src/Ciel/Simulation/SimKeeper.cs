using Ciel.Core.Keepers;

namespace Ciel.Simulation;

/// <summary>A keeper whose process may be struck between a step and its commit: the worst moment, since what it decided on goes on changing.</summary>
/// <param name="inner">The keeper itself.</param>
/// <param name="strike">Strikes, if the process was armed.</param>
internal sealed class SimKeeper(Keeper inner, Action strike) : Keeper
{
    public override string Kind => inner.Kind;

    public override long FrameVersion => inner.FrameVersion;

    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps { get; } = inner.Steps.ToDictionary(
        step => step.Key,
        step => (Func<Turn, Task<Next>>)(async turn =>
        {
            var next = await step.Value(turn);
            if (next.Write is not null)
            {
                strike();
                await Task.Yield();
            }

            return next;
        }));

    public override Task<Next> Failed(Turn turn, string fault) => inner.Failed(turn, fault);

    public override bool ForEver(string step) => inner.ForEver(step);
}
