using Ciel.Agent.Drivers.Qemu;
using Ciel.Agent.Host;

namespace Ciel.Tests.Agent.Qemu;

/// <summary>A QEMU that does as the test says.</summary>
internal sealed class FakeVm(int pid, FakeHypervisor host, Action changed) : IVm
{
    public ChildIdentity Identity { get; } = new(pid, 1, "/fake");

    public VmStatus Status { get; private set; } = VmStatus.Paused;

    public IReadOnlyCollection<string>? Nics { get; set; }

    public int Presses { get; private set; }

    public bool Ended { get; private set; }

    public void Become(VmStatus status)
    {
        Status = status;
        changed();
    }

    public Task Resume(CancellationToken cancel)
    {
        host.Resumed.Add((pid, host.Saved?.Child?.Pid, host.Saved?.Boots ?? 0));
        if (host.ResumeFails)
        {
            throw new QmpException("no");
        }

        Become(VmStatus.Running);
        return Task.CompletedTask;
    }

    public Task Hold(CancellationToken cancel)
    {
        Become(VmStatus.Held);
        return Task.CompletedTask;
    }

    public Task PressPower(CancellationToken cancel)
    {
        Presses++;
        return Task.CompletedTask;
    }

    public Task End()
    {
        Ended = true;
        Status = VmStatus.Gone;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
