namespace Ciel.Bench;

/// <summary>Lets contestants take turns, because a machine's disk and neighbours change their mood within seconds.</summary>
internal static class Rounds
{
    private const int Many = 9;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);

    public static IAsyncEnumerable<Figure> Run(IReadOnlyList<Contestant> contestants) => Run(contestants, Many, Turn);

    public static async IAsyncEnumerable<Figure> Run(IReadOnlyList<Contestant> contestants, int many, TimeSpan turn)
    {
        var rates = contestants.ToDictionary(c => c, _ => new List<double>());
        foreach (var contestant in contestants)
        {
            await contestant.Rate(turn);
            contestant.Forget();
        }

        for (var round = 0; round < many; round++)
        {
            foreach (var contestant in contestants) rates[contestant].Add(await contestant.Rate(turn));
        }

        foreach (var (contestant, all) in rates) yield return new Figure(contestant.What, all.Order().ElementAt(many / 2), all.Min(), all.Max(), contestant.Unit) { Cpu = contestant.Cpu };
    }
}
