namespace Ciel.Core.Keepers;

/// <summary>A keeper whose one step runs again and again until it says that all is done: a reconciler or a sweep. It never gives up.</summary>
/// <param name="kind"><see cref="Keeper.Kind"/>.</param>
/// <param name="stepName">The step's name.</param>
public abstract class OneStepKeeper(string kind, string stepName) : Keeper
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public sealed override string Kind => kind;

    /// <inheritdoc/>
    public sealed override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps =>
        field ??= new Dictionary<string, Func<Turn, Task<Next>>> { [stepName] = Run };

    /// <inheritdoc/>
    public sealed override bool ForEver(string step) => true;

    /// <inheritdoc/>
    public sealed override Task<Next> Failed(Turn turn, string fault) => Task.FromResult(Next.Nap(Pause));

    /// <summary>The step.</summary>
    protected abstract Task<Next> Run(Turn turn);
}
