using System.Globalization;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Agent.Drivers.Qemu;

/// <summary>What is kept of a snapshot on disk.</summary>
/// <param name="Spec">What was asked.</param>
/// <param name="Size">Bytes handed in; null until it is done.</param>
/// <param name="Sha512">Their checksum.</param>
internal sealed record SnapshotState(SnapshotSpec Spec, long? Size = null, string? Sha512 = null);

/// <summary>One copy of a machine's disk on its way to the controller. Begun again from the start after a crash.</summary>
internal sealed class Snapshot(string id, string directory, SnapshotState state, IController controller, IObserver observer, TimeProvider time)
    : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock door = new();
    private readonly CancellationTokenSource ended = new();
    private SnapshotState state = state;
    private Observed now = Done(state) ?? new Observed(ObjectStates.Working, Progress: 0);
    private Task work = Task.CompletedTask;

    /// <summary>Reads what an earlier agent kept.</summary>
    public static SnapshotState? Read(string file) => Files.ReadJson(file, AgentJson.Default.SnapshotState);

    /// <summary>How it is.</summary>
    public Observed Observe()
    {
        lock (door)
        {
            return now;
        }
    }

    /// <summary>Begins, unless it is done or under way. A failed one begins again with the ticket that the new spec brings.</summary>
    public Observed Begin(SnapshotSpec spec, Machine? machine, MachineFolder folder)
    {
        lock (door)
        {
            if (state.Size is not null || !work.IsCompleted)
            {
                return now;
            }

            state = new SnapshotState(spec);
            Files.WriteJson(StateFile, state, AgentJson.Default.SnapshotState);
            if (machine is null)
            {
                return now = new Observed(ObjectStates.Failed, "The machine is not on this node.");
            }

            now = new Observed(ObjectStates.Working, Progress: 0);
            work = Background.Start(() => Work(machine, folder));
            return now;
        }
    }

    /// <summary>Ends it, and removes what is left of it.</summary>
    public async Task End()
    {
        await DisposeAsync();
        File.Delete(StateFile);
    }

    /// <summary>Stops the work; what is on disk stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await work;
        ended.Dispose();
    }

    private string StateFile => Path.Combine(directory, id + ".json");

    private string CopyFile => $"copy-{id}.qcow2";

    private async Task Work(Machine machine, MachineFolder folder)
    {
        var copy = Path.Combine(folder.Guest, CopyFile);
        try
        {
            for (var attempt = 1; !await Try(machine, copy, last: attempt == Attempts); attempt++)
            {
                await Task.Delay(Pause, time, ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"snapshot {id}: cancelled");
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"snapshot {id}: {e}");
            Show(new Observed(ObjectStates.Failed, $"The disk could not be copied: {e.Message}"));
        }
        finally
        {
            if (Directory.Exists(folder.Guest))
            {
                File.Delete(copy);
            }
        }
    }

    /// <summary>One attempt; false asks for another, because the machine may have been stopped or started meanwhile.</summary>
    private async Task<bool> Try(Machine machine, string copy, bool last)
    {
        try
        {
            await machine.Copy(CopyFile, share => Show(Working(share / 2)), ended.Token);
            await HandIn(copy, machine.State.Uid);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException && !last && !machine.Erased.IsCompleted)
        {
            await Console.Error.WriteLineAsync($"snapshot {id}: trying again: {e.Message}");
            return false;
        }
    }

    private async Task HandIn(string copy, int uid)
    {
        using var handle = Files.OpenOwnedBy(uid, copy);
        var length = RandomAccess.GetLength(handle);
        await using var content = new HashingStream(new FileStream(handle, FileAccess.Read, 1 << 18));
        content.Advanced += read => Show(Working(0.5 + (length > 0 ? (double)read / length / 2 : 0)));
        await controller.Store(state.Spec.Ticket, content, ended.Token);
        lock (door)
        {
            state = state with { Size = content.Position, Sha512 = content.Sha512() };
            Files.WriteJson(StateFile, state, AgentJson.Default.SnapshotState);
            Show(Done(state)!);
        }
    }

    private void Show(Observed next)
    {
        lock (door)
        {
            if (next.State != now.State || next.Progress != now.Progress)
            {
                now = next;
                observer.Changed(ObjectName.Snapshot(id), next);
            }
        }
    }

    private static Observed Working(double progress) => new(ObjectStates.Working, Progress: Math.Round(progress, 2));

    private static Observed? Done(SnapshotState state) => state.Size is not { } size ? null : new Observed(
        ObjectStates.Ready,
        Facts: new Dictionary<string, string>
        {
            [FactKeys.Size] = size.ToString(CultureInfo.InvariantCulture),
            [FactKeys.Sha512] = state.Sha512!,
        });
}
