namespace Ciel.Agent.Host;

/// <summary>Takes away from this thread what a launched child must not have. Irrevocable: only a launcher about to exec calls it.</summary>
internal static class Confinement
{
    private const int OpenFiles = 16384;

    public static void Apply(LaunchSpec spec)
    {
        Limit(Libc.RLimitCore, 0);
        Limit(Libc.RLimitNoFile, OpenFiles);
        if (spec.CpuSeconds is { } seconds)
        {
            Limit(Libc.RLimitCpu, (ulong)seconds);
        }

        Libc.Checked(Libc.ChangeDirectory(spec.Directory), $"chdir {spec.Directory}");
        if (spec.Uid != 0)
        {
            BecomeNobody(spec);
        }
    }

    /// <summary>The runtime ignores SIGPIPE, and exec would hand that down.</summary>
    public static unsafe void DefaultSignals()
    {
        const int highest = 64;
        const int ignored = 1;
        const int setMask = 2;
        var action = stackalloc byte[256];
        for (var signal = 1; signal <= highest; signal++)
        {
            if (Libc.SigAction(signal, null, action) == 0 && *(nint*)action == ignored)
            {
                _ = Libc.Signal(signal, 0);
            }
        }

        var empty = stackalloc byte[128];
        new Span<byte>(empty, 128).Clear();
        _ = Libc.SignalMask(setMask, empty, null);
    }

    private static void BecomeNobody(LaunchSpec spec)
    {
        // The highest capability differs by kernel: the first that does not exist ends the loop.
        for (var capability = 0; capability < 64 && Libc.Prctl(Libc.PrCapabilityBoundingSetDrop, capability, 0, 0, 0) == 0; capability++)
        {
        }

        Libc.Checked(Libc.SetGroups([.. spec.Groups]), "setgroups");
        Libc.Checked(Libc.SetGroup(spec.Uid), "setresgid");
        Libc.Checked(Libc.SetUser(spec.Uid), "setresuid");
        Libc.Checked(Libc.Prctl(Libc.PrSetNoNewPrivileges, 1, 0, 0, 0), "no_new_privs");
    }

    private static unsafe void Limit(int resource, ulong wanted)
    {
        var limit = stackalloc ulong[2];
        Libc.Checked(Libc.GetRLimit(resource, limit), "getrlimit");
        limit[0] = limit[1] = Math.Min(wanted, limit[1]);
        Libc.Checked(Libc.SetRLimit(resource, limit), "setrlimit");
    }
}
