using System.Diagnostics;
using System.Text.Json;

namespace Ciel.Live.FirstLight;

/// <summary>A whole Ciel on this host, started as an operator starts it, with a name, directories and ports of its own, and the first public range that is free.</summary>
internal sealed class LiveCloud : IAsyncDisposable
{
    private readonly string _directory;
    private readonly string _name;
    private readonly int _port;
    private readonly string[] _more;

    private LiveCloud(string name, int port, string[] more) =>
        (_name, _port, _more, _directory) = (name, port, more, Directory.CreateTempSubdirectory($"ciel-live-{name}-").FullName);

    public string Data => Path.Combine(_directory, "data");

    public string Name => _name;

    /// <summary>The process of the running program.</summary>
    public int Pid => int.Parse(File.ReadAllText(Path.Combine(Data, "ciel.pid")));

    public string LogFile => Path.Combine(Data, "ciel.log");

    public static string Program => Path.Combine(AppContext.BaseDirectory, "ciel");

    public static async Task<LiveCloud> Start(string name, int port, params string[] more)
    {
        var cloud = new LiveCloud(name, port, more);
        await cloud.Up();
        return cloud;
    }

    /// <summary>`ciel up --bare`, also after a kill.</summary>
    public Task<string> Up() => Ciel(Start());

    /// <summary>As <see cref="Up"/>, for a program that is killed while it starts.</summary>
    public Task<(int Code, string Output, string Error)> TryUp() => Ended(Program, Start(), null);

    private string[] Start() => ["up", "--bare", "--name", _name, "--data", Data, "--config", Path.Combine(_directory, "etc"), "--port-base", $"{_port}", .. _more];

    /// <summary>Runs the command line on this instance; fails the test when it fails.</summary>
    public Task<string> Ciel(params string[] arguments) => Run(Program, arguments.Contains("--data") ? arguments : [.. arguments, "--data", Data], null);

    /// <summary>Runs a program with the admin's OS_* and AWS_* variables.</summary>
    public async Task<string> Client(string program, params string[] arguments)
    {
        var variables = JsonSerializer.Deserialize<Dictionary<string, string>>(await Ciel("env", "--json"));
        return await Run(program, arguments, variables);
    }

    public async ValueTask DisposeAsync()
    {
        await Ciel("down");
        await HostProcesses.Clear(_name);
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>As <see cref="Ciel"/>, however it ends.</summary>
    public Task<(int Code, string Output, string Error)> Try(params string[] arguments) => Ended(Program, [.. arguments, "--data", Data], null);

    /// <summary>Runs a program to its end; its output.</summary>
    public static async Task<string> Run(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables)
    {
        var (code, output, error) = await Ended(program, arguments, variables);
        code.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{output}\n{error}");
        return output;
    }

    /// <summary>As <see cref="Run"/>, however it ends.</summary>
    public static async Task<(int Code, string Output, string Error)> Ended(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
