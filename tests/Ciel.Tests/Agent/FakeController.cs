using Ciel.Agent.Contract;

namespace Ciel.Tests.Agent;

/// <summary>Keeps what an agent reports, after failing as often as told.</summary>
internal sealed class FakeController : IController
{
    private readonly Lock door = new();
    private readonly List<Report> reports = [];

    public int Failures { get; set; }

    public int Fetches;

    public Dictionary<string, byte[]> Blobs { get; } = [];

    public IReadOnlyList<Report> Reports
    {
        get
        {
            lock (door)
            {
                return [.. reports];
            }
        }
    }

    public Task Report(IReadOnlyList<Report> batch, CancellationToken cancel)
    {
        lock (door)
        {
            if (Failures-- > 0)
            {
                throw new IOException("away");
            }

            reports.AddRange(batch);
            return Task.CompletedTask;
        }
    }

    public Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) =>
        Task.FromResult(new MetadataAnswer(200, "text/plain", question.Body));

    public Task<Stream> Fetch(string ticket, CancellationToken cancel)
    {
        Interlocked.Increment(ref Fetches);
        return Blobs.TryGetValue(ticket, out var blob)
            ? Task.FromResult<Stream>(new MemoryStream(blob))
            : throw new IOException("no such ticket");
    }

    public Task Store(string ticket, Stream content, CancellationToken cancel) => throw new NotSupportedException();
}
