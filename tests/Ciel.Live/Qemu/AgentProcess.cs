using System.Globalization;
using System.Text.Json;
using Ciel.Agent;
using Ciel.Agent.Contract;

namespace Ciel.Live.Qemu;

/// <summary>An agent in a process of its own, so that a test can kill it: it asks for one object, and repeats it until it dies.</summary>
internal static class AgentProcess
{
    public static async Task<int> Run(string instance, string data, string firstUid, string request)
    {
        var options = new AgentOptions
        {
            Instance = instance,
            Node = "node1",
            Data = data,
            Self = Path.Combine(AppContext.BaseDirectory, "ciel"),
            FirstUid = int.Parse(firstUid, CultureInfo.InvariantCulture),
        };
        await using var agent = Ciel.Agent.Agent.OnThisHost(options, new FileCloud(), TimeProvider.System);
        await agent.StartAsync(CancellationToken.None);
        while (true)
        {
            var wish = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(request), Wire.Default.EnsureRequest)!;
            await agent.Ensure(wish, CancellationToken.None);
            await Task.Delay(50);
        }
    }

    /// <summary>Tickets are paths.</summary>
    private sealed class FileCloud : IController
    {
        public Task Report(IReadOnlyList<Report> reports, CancellationToken cancel) => Task.CompletedTask;

        public Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) => throw new NotSupportedException();

        public Task<Stream> Fetch(string ticket, CancellationToken cancel) => Task.FromResult<Stream>(File.OpenRead(ticket));

        public Task Store(string ticket, Stream content, CancellationToken cancel) => throw new NotSupportedException();
    }
}
