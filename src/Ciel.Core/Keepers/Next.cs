using Ciel.Core.Store;

namespace Ciel.Core.Keepers;

/// <summary>What a step decides. <see cref="Write"/> commits with it, guarded by the lease: both happen or neither.</summary>
public abstract record Next
{
    /// <summary>State, spans and wakes that this step's outcome changes. May run twice.</summary>
    public Func<Tx, Task>? Write { get; init; }

    /// <summary>A new frame; null keeps the old one.</summary>
    public string? Frame { get; init; }

    /// <summary>Go on with another step at once.</summary>
    /// <param name="step">The step's name.</param>
    /// <param name="write">What commits with it.</param>
    /// <param name="deadline">A new deadline from now; null keeps the old one.</param>
    public static Next Hop(string step, Func<Tx, Task>? write = null, TimeSpan? deadline = null) => new HopTo(step, deadline) { Write = write };

    /// <summary>Run the same step again after a while, or as soon as something wakes the keeper.</summary>
    public static Next Nap(TimeSpan span, Func<Tx, Task>? write = null) => new NapFor(span) { Write = write };

    /// <summary>Rest at a step until something wakes the keeper.</summary>
    public static Next Rest(string step, Func<Tx, Task>? write = null) => new RestAt(step) { Write = write };

    /// <summary>The keeper's work is over; its row goes.</summary>
    public static Next Gone(Func<Tx, Task>? write = null) => new Over { Write = write };

    /// <summary>It cannot be done, and trying again will not help: <see cref="Keeper.Failed"/> decides.</summary>
    public static Next Fail(string fault) => new FailWith(fault);

    internal sealed record HopTo(string Step, TimeSpan? Deadline) : Next;

    internal sealed record NapFor(TimeSpan Span) : Next;

    internal sealed record RestAt(string Step) : Next;

    internal sealed record Over : Next;

    internal sealed record FailWith(string Fault) : Next;
}
