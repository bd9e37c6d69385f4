namespace Ciel.Services.Compute;

/// <summary>What a client asks of the scheduler (Compute API reference, "os:scheduler_hints").</summary>
/// <param name="SameHost">Beside any of these servers.</param>
/// <param name="DifferentHost">Beside none of these servers.</param>
internal sealed record Hints(List<string> SameHost, List<string> DifferentHost)
{
    public static Hints None { get; } = new([], []);
}
