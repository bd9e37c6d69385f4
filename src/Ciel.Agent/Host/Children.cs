using System.Diagnostics;

namespace Ciel.Agent.Host;

/// <summary>Starts children through the launcher, and waits for the short-lived ones.</summary>
internal sealed class Children(string self, TimeProvider time)
{
    /// <summary>
    /// Starts a child that outlives us. The launcher becomes the child, so the pid is its own from the first moment. When it ends
    /// while we live, its exit code is noted beside its spec (<see cref="ExitFile"/>).
    /// </summary>
    public int Start(LaunchSpec spec, string specFile)
    {
        Files.WriteJson(specFile, spec, AgentJson.Default.LaunchSpec);
        var process = Process.Start(Helper.Command(self, "launch", specFile))
            ?? throw new IOException($"cannot start {self}");
        var pid = process.Id;
        Background.Start(async () =>
        {
            using (process)
            {
                await process.WaitForExitAsync();
                if (File.Exists(specFile))
                {
                    await File.WriteAllTextAsync(ExitFile(specFile), $"{process.ExitCode}\n");
                }
            }
        });
        return pid;
    }

    /// <summary>Who a child is, once the launcher has put it into its control group; null when it ended before.</summary>
    public async Task<ChildIdentity?> Joined(int pid, string group, TimeSpan limit, CancellationToken cancel)
    {
        for (var until = time.GetUtcNow() + limit; Directory.Exists($"/proc/{pid}") && time.GetUtcNow() < until;)
        {
            if (ChildIdentity.Of(pid, group) is { } identity)
            {
                return identity;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancel);
        }

        return null;
    }

    /// <summary>Runs a confined command to its end.</summary>
    /// <exception cref="CommandFailedException">It failed, or took longer than allowed; the message is its last output.</exception>
    public async Task Run(LaunchSpec spec, string specFile, TimeSpan limit, CancellationToken cancel)
    {
        Files.WriteJson(specFile, spec, AgentJson.Default.LaunchSpec);
        File.Delete(spec.Output);
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        using var process = Process.Start(Helper.Command(self, "launch", specFile))
            ?? throw new IOException($"cannot start {self}");
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            cancel.ThrowIfCancellationRequested();
            throw new CommandFailedException($"{spec.Command[0]} took longer than {limit.TotalSeconds} s");
        }

        if (process.ExitCode != 0)
        {
            throw new CommandFailedException($"{spec.Command[0]}: exit {process.ExitCode}: {Tail(spec.Output)}");
        }
    }

    /// <summary>Where <see cref="Start"/> notes the exit code.</summary>
    public static string ExitFile(string specFile) => Path.ChangeExtension(specFile, ".exit");

    /// <summary>The last lines of a child's output, for an error message.</summary>
    public static string Tail(string output)
    {
        const int most = 600;
        var text = (Files.TryReadText(output) ?? "").Trim();
        return text.Length > most ? "…" + text[^most..] : text;
    }
}
