namespace Ciel.Bench;

/// <summary>Lets contestants take turns, because a machine's disk and neighbours change their mood within seconds.</summary>
internal static class Rounds
{
    private const int Many = 9;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(500);

    public static async IAsyncEnumerable<Figure> Run(IReadOnlyList<Contestant> contestants)
    {
        var rates = contestants.ToDictionary(c => c, _ => new List<double>());
        foreach (var contestant in contestants) await contestant.Rate(Turn);
        for (var round = 0; round < Many; round++)
        {
            foreach (var contestant in contestants) rates[contestant].Add(await contestant.Rate(Turn));
        }

        foreach (var (contestant, all) in rates) yield return new Figure(contestant.What, all.Order().ElementAt(Many / 2), all.Min(), all.Max(), contestant.Unit);
    }
}
