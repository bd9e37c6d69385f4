namespace Ciel.Bench;

/// <summary>One thing measured: side by side with the bare thing underneath it, in the same run.</summary>
internal abstract class Benchmark
{
    public abstract string Name { get; }

    public abstract IAsyncEnumerable<Figure> Run();
}

/// <summary>One number.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Median">Of several rounds.</param>
/// <param name="Least">The worst round.</param>
/// <param name="Most">The best round.</param>
/// <param name="Unit">Of what, such as <c>commits/s</c>.</param>
internal sealed record Figure(string What, double Median, double Least, double Most, string Unit)
{
    /// <summary>CPU milliseconds of the server for each; null where none was watched.</summary>
    public double? Cpu { get; init; }
}
