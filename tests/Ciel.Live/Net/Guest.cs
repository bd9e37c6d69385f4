using System.Diagnostics;
using Ciel.Agent.Contract;
using Ciel.Agent.Host;

namespace Ciel.Live.Net;

/// <summary>A namespace that plays a machine; its eth0 is what the machine's network card would be.</summary>
internal sealed class Guest(string ns, PortSpec port) : IDisposable
{
    private readonly List<Process> servers = [];

    public string Namespace => ns;

    public PortSpec Port => port;

    public string Address => port.Addresses[0].Address;

    /// <summary>Gives eth0 the port's address by hand.</summary>
    public async Task Configure(string? gateway = null, int prefix = 24)
    {
        await Do($"ip address add {Address}/{prefix} dev eth0");
        await Do("ip link set dev eth0 up");
        await Do("ip link set dev lo up");
        if (gateway is not null)
        {
            await Do($"ip route add default via {gateway}");
        }
    }

    /// <summary>Runs a command inside; answers its output.</summary>
    public Task<string> Do(string command) =>
        Command.Run("ip", ["netns", "exec", ns, "sh", "-c", command], TestContext.Current.CancellationToken);

    /// <summary>Whether a command inside succeeds.</summary>
    public async Task<bool> Can(string command) =>
        (await Command.Try("ip", ["netns", "exec", ns, "sh", "-c", command], TestContext.Current.CancellationToken)).ExitCode == 0;

    public Task<bool> Pings(string address) => Can($"ping -c1 -W1 {address}");

    /// <summary>Whether a TCP connection can be opened.</summary>
    public Task<bool> Reaches(string address, int tcp) => Can($"nc -z -w1 {address} {tcp}");

    /// <summary>Starts something that stays; it ends with the guest. Its input and output are pipes.</summary>
    public Process Serve(params string[] command)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", ns, .. command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        servers.Add(process);
        return process;
    }

    /// <summary>Listens on a TCP port and keeps connections open.</summary>
    public async Task Listen(int tcp)
    {
        Serve("nc", "-l", "-k", $"{tcp}");
        await Wait.Until(() => Can($"ss -Hltn sport = :{tcp} | grep -q LISTEN"), $"{ns} listens on {tcp}");
    }

    public void Dispose()
    {
        foreach (var server in servers)
        {
            server.Kill(entireProcessTree: true);
            server.Dispose();
        }
    }
}
