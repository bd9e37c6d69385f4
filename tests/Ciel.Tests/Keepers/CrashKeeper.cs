using Ciel.Core.Keepers;

namespace Ciel.Tests.Keepers;

/// <summary>A keeper that counts its commits, and does not survive one of them unharmed.</summary>
internal sealed class CrashKeeper(Keeper inner, Func<Task> commit) : Keeper
{
    public override string Kind => inner.Kind;

    public override long FrameVersion => inner.FrameVersion;

    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps { get; } = inner.Steps.ToDictionary(
        step => step.Key,
        step => (Func<Turn, Task<Next>>)(async turn =>
        {
            var next = await step.Value(turn);
            await commit();
            return next;
        }));

    public override Task<Next> Failed(Turn turn, string fault) => inner.Failed(turn, fault);

    public override bool ForEver(string step) => inner.ForEver(step);
}
