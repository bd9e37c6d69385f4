using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>How a QEMU process stands.</summary>
internal enum VmStatus
{
    /// <summary>Started, its guest not yet.</summary>
    Paused,

    /// <summary>Its guest runs.</summary>
    Running,

    /// <summary>Its guest stands still in the middle of its life.</summary>
    Held,

    /// <summary>Its guest powered itself off; the process waits to be ended.</summary>
    Off,

    /// <summary>The process is gone.</summary>
    Gone,
}

/// <summary>One QEMU process. Disposing it stops watching; the process goes on.</summary>
internal interface IVm : IAsyncDisposable
{
    /// <summary>Who it is.</summary>
    ChildIdentity Identity { get; }

    /// <summary>How it stands. Each change is told to whoever launched or found it.</summary>
    VmStatus Status { get; }

    /// <summary>The interfaces that it has, by their devices' ids; null when it must be looked at.</summary>
    IReadOnlyCollection<string>? Nics { get; set; }

    /// <summary>Lets the guest run.</summary>
    Task Resume(CancellationToken cancel);

    /// <summary>Has the guest stand still.</summary>
    Task Hold(CancellationToken cancel);

    /// <summary>Presses the ACPI power button.</summary>
    Task PressPower(CancellationToken cancel);

    /// <summary>Ends the process, by force where it must be; returns when it is gone.</summary>
    Task End();
}
