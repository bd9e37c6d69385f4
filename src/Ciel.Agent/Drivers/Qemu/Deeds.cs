namespace Ciel.Agent.Drivers.Qemu;

/// <summary>What a machine's loop may have to do next.</summary>
internal enum Deed
{
    Nothing,
    Start,
    Resume,
    Hold,

    /// <summary>The guest has other interfaces than it is to have.</summary>
    Plug,
    Stop,

    /// <summary>QEMU has ended, or its guest powered off: clear up and note why.</summary>
    Settle,

    /// <summary>A boot was asked for together with being off: it counts as carried out.</summary>
    CountBoots,
    Erase,
}

/// <summary>The rules of a machine's life. What a guest did itself is not undone until the next boot is asked for.</summary>
internal static class Deeds
{
    /// <summary>The one deed that follows from what is wished and what is; <paramref name="vm"/> is null without a QEMU, and
    /// <paramref name="plugged"/> says whether its guest has the interfaces wished.</summary>
    public static Deed Next(MachineState state, VmStatus? vm, bool plugged = true)
    {
        var spec = state.Spec;
        var bootAsked = spec.Boots > state.Boots;
        return vm switch
        {
            _ when state.Erasing => Deed.Erase,
            VmStatus.Off or VmStatus.Gone => Deed.Settle,
            not null when !spec.On || bootAsked => Deed.Stop,
            VmStatus.Paused => Deed.Resume,
            VmStatus.Held when !spec.Paused => Deed.Resume,
            VmStatus.Running when spec.Paused => Deed.Hold,
            not null when !plugged => Deed.Plug,
            not null => Deed.Nothing,
            null when spec.On && (bootAsked || StoppedByUs(state)) => Deed.Start,
            null when bootAsked && !spec.On => Deed.CountBoots,
            _ => Deed.Nothing,
        };
    }

    /// <summary>Why a machine stopped, judged by what was wished of it.</summary>
    public static string StopReason(MachineState state, VmStatus vm) =>
        !state.Spec.On || state.Spec.Boots > state.Boots || state.Erasing ? StopReasons.Asked
        : vm == VmStatus.Off ? StopReasons.Guest
        : StopReasons.Crash;

    private static bool StoppedByUs(MachineState state) => state.StopReason is StopReasons.Asked or StopReasons.Lost;
}
