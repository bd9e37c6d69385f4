using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ciel.Agent.Contract;

namespace Ciel.Live.Qemu;

/// <summary>The controller's side of the contract, in memory.</summary>
internal sealed class Cloud : IController
{
    private readonly ConcurrentDictionary<string, byte[]> blobs = new();

    public ConcurrentQueue<Report> Reports { get; } = new();

    public int Fetches;

    /// <summary>Offers bytes as an image.</summary>
    public BlobSource Image(byte[] bytes, string format = "raw")
    {
        var sha = Convert.ToHexStringLower(SHA512.HashData(bytes));
        blobs[sha] = bytes;
        return new BlobSource(sha, bytes.Length, format, sha);
    }

    public byte[] Stored(string ticket) => blobs[ticket];

    public Task Report(IReadOnlyList<Report> reports, CancellationToken cancel)
    {
        foreach (var report in reports)
        {
            Reports.Enqueue(report);
        }

        return Task.CompletedTask;
    }

    public Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Stream> Fetch(string ticket, CancellationToken cancel)
    {
        Interlocked.Increment(ref Fetches);
        return Task.FromResult<Stream>(Path.IsPathRooted(ticket) ? File.OpenRead(ticket) : new MemoryStream(blobs[ticket]));
    }

    public async Task Store(string ticket, Stream content, CancellationToken cancel)
    {
        using var memory = new MemoryStream();
        await content.CopyToAsync(memory, cancel);
        blobs[ticket] = memory.ToArray();
    }
}
