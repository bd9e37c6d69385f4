using Ciel.Agent.Contract;

namespace Ciel.Agent;

/// <summary>
/// Makes objects of one or more kinds so on this host. The agent has already checked the fence and calls a driver for one name at
/// a time. Calls answer within 5 s; longer work goes on behind and reports through <see cref="IObserver"/>.
/// </summary>
internal interface IDriver
{
    /// <summary>The kinds of object names (<see cref="ObjectName.Kind"/>) it takes; what others stand on comes first.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Makes the object so, or starts to.</summary>
    Task<Observed> Ensure(string name, ObjectSpec spec, CancellationToken cancel);

    /// <summary>Makes it gone, or starts to.</summary>
    Task<Observed> Absent(string name, CancellationToken cancel);

    /// <summary>Finds again what outlived an earlier agent (by its own files), and removes halves.</summary>
    Task<IReadOnlyDictionary<string, Observed>> Adopt(CancellationToken cancel);

    /// <summary>Observes the host's features that this driver stands on.</summary>
    Task<IReadOnlyList<NodeFeature>> Detect(CancellationToken cancel);

    /// <summary>A byte stream of an object.</summary>
    Task<Stream> Open(string name, string stream, CancellationToken cancel);
}

/// <summary>What a driver observes of an object: a <see cref="Report"/> without the parts that the agent adds.</summary>
internal sealed record Observed(string State, string? Error = null, double? Progress = null, IReadOnlyDictionary<string, string>? Facts = null)
{
    private static long last;

    /// <summary>
    /// Grows with each observation made. An answer and a change that overtake each other on their way are told apart by it, so a
    /// driver makes its observation where it knows it to be true, under its own lock.
    /// </summary>
    public long Order { get; } = Interlocked.Increment(ref last);
}

/// <summary>Tells the agent of a change that no call asked about.</summary>
internal interface IObserver
{
    /// <summary>The object is now so.</summary>
    void Changed(string name, Observed observed);
}
