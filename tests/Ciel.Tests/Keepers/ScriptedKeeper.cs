using Ciel.Core.Keepers;

namespace Ciel.Tests.Keepers;

/// <summary>A keeper whose steps a test writes.</summary>
internal sealed class ScriptedKeeper(Dictionary<string, Func<Turn, Task<Next>>> steps) : Keeper
{
    public List<string> Faults { get; } = [];

    public override string Kind => "scripted";

    public override IReadOnlyDictionary<string, Func<Turn, Task<Next>>> Steps => steps;

    public override Task<Next> Failed(Turn turn, string fault)
    {
        Faults.Add(fault);
        return Task.FromResult(Next.Hop("undo", deadline: TimeSpan.FromHours(1)));
    }
}
