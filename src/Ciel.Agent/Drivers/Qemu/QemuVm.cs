using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>A real QEMU process, watched through its QMP socket for as long as it lives: a lost connection is made again.</summary>
internal sealed class QemuVm : IVm
{
    private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ToQuit = TimeSpan.FromSeconds(5);

    private readonly string directory;
    private readonly string socket;
    private readonly int uid;
    private readonly TimeProvider time;
    private readonly Action changed;
    private readonly CancellationTokenSource stopped = new();
    private readonly Task watch;
    private TaskCompletionSource<QmpClient> connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public QemuVm(ChildIdentity identity, string directory, string socket, int uid, TimeProvider time, Action changed)
    {
        (Identity, this.directory, this.socket, this.uid, this.time, this.changed) = (identity, directory, socket, uid, time, changed);
        watch = Background.Start(Watch);
    }

    public ChildIdentity Identity { get; }

    public VmStatus Status { get; private set; } = VmStatus.Running;

    public IReadOnlyCollection<string>? Nics { get; set; }

    /// <summary>Waits until QEMU has answered for the first time, or has ended.</summary>
    public async Task<bool> Answers(TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            await Task.WhenAny(connected.Task, watch).WaitAsync(limit, time, cancel);
            return connected.Task.IsCompletedSuccessfully;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Carries out a QMP command.</summary>
    public async Task<JsonElement> Execute(string command, JsonObject? arguments, CancellationToken cancel, int? fd = null)
    {
        if (!await Answers(ToQuit, cancel))
        {
            throw new QmpException($"{command}: QEMU does not answer");
        }

        return await (await connected.Task).Execute(command, arguments, cancel, fd);
    }

    public async Task Resume(CancellationToken cancel)
    {
        await Execute("cont", null, cancel);
        Become(VmStatus.Running);
    }

    public async Task Hold(CancellationToken cancel)
    {
        await Execute("stop", null, cancel);
        if (Status == VmStatus.Running)
        {
            Become(VmStatus.Held);
        }
    }

    public Task PressPower(CancellationToken cancel) => Execute("system_powerdown", null, cancel);

    public async Task End()
    {
        if (!Identity.IsAlive())
        {
            await watch;
            return;
        }

        try
        {
            await Execute("quit", null, CancellationToken.None);
            await Exit(ToQuit);
        }
        catch (QmpException e)
        {
            await Console.Error.WriteLineAsync($"qemu {Identity.Pid}: does not quit: {e.Message}");
        }

        if (Identity.IsAlive())
        {
            Identity.Signal(Libc.SigKill);
            await Exit(ToQuit);
        }

        await watch;
        if (Identity.IsAlive())
        {
            throw new IOException($"process {Identity.Pid} would not die");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        await watch;
        stopped.Dispose();
    }

    private async Task Exit(TimeSpan limit)
    {
        for (var until = time.GetUtcNow() + limit; Identity.IsAlive() && time.GetUtcNow() < until;)
        {
            await Task.Delay(Blink, time);
        }
    }

    private async Task Watch()
    {
        var pause = Blink;
        while (!stopped.IsCancellationRequested && Identity.IsAlive())
        {
            try
            {
                await Converse();
                pause = Blink;
            }
            catch (Exception e) when (e is IOException or SocketException or QmpException)
            {
                // Not listening yet, ending, or hostile: asked again while the process lives.
                pause = TimeSpan.FromMilliseconds(Math.Min(1000, pause.TotalMilliseconds * 1.5));
            }

            await Task.Delay(pause, time, CancellationToken.None);
        }

        if (!Identity.IsAlive())
        {
            Become(VmStatus.Gone);
        }
    }

    private async Task Converse()
    {
        using var limit = new CancellationTokenSource(ToQuit, time);
        await using var client = await QmpClient.Connect(directory, socket, uid, time, OnEvent, limit.Token);
        var status = await client.Execute("query-status", null, limit.Token);
        Become(status.GetProperty("status").GetString() switch
        {
            "prelaunch" => VmStatus.Paused,
            "paused" => VmStatus.Held,
            "shutdown" => VmStatus.Off,
            _ => VmStatus.Running,
        });
        connected.TrySetResult(client);
        await Task.WhenAny(client.Closed, Task.Delay(Timeout.InfiniteTimeSpan, time, stopped.Token));
        connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void OnEvent(string name, JsonElement data)
    {
        if (name == "RESUME")
        {
            Become(VmStatus.Running);
        }
        else if (name == "SHUTDOWN" && data.TryGetProperty("guest", out var guest) && guest.GetBoolean())
        {
            Become(VmStatus.Off);
        }
        else if (name == "DEVICE_DELETED")
        {
            Nics = null;
            changed();
        }
    }

    private void Become(VmStatus status)
    {
        if (Status != status)
        {
            Status = status;
            changed();
        }
    }
}
