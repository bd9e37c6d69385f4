using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Ciel.Agent.Host;

/// <summary>Runs a short command on the host and waits for it.</summary>
internal static class Command
{
    /// <summary>Runs it and answers its exit code and output; a command that cannot be started answers 127.</summary>
    public static async Task<CommandResult> Try(string file, IEnumerable<string> arguments, CancellationToken cancel, string? input = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new CommandResult(127, "", e.Message);
        }

        try
        {
            return await Finish(process, input, cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs it and answers its output.</summary>
    /// <exception cref="CommandFailedException">It exited with another code than 0.</exception>
    public static async Task<string> Run(string file, IEnumerable<string> arguments, CancellationToken cancel, string? input = null)
    {
        var list = arguments.ToArray();
        var result = await Try(file, list, cancel, input);
        return result.ExitCode == 0
            ? result.Output
            : throw new CommandFailedException($"{file} {string.Join(' ', list)}: exit {result.ExitCode}: {result.Error.Trim()}");
    }

    private static async Task<CommandResult> Finish(Process process, string? input, CancellationToken cancel)
    {
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(new StringBuilder(input), cancel);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It exited without reading all of its input; its exit code and error output tell why.
        }

        await process.WaitForExitAsync(cancel);
        return new CommandResult(process.ExitCode, await output, await error);
    }
}

/// <summary>How a command ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>A command exited with another code than 0.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
