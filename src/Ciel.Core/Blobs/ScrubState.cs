using System.Text.Json;
using Ciel.Core.Store;

namespace Ciel.Core.Blobs;

/// <summary>How far a scrub is, and what the last one found: the frame of its keeper. Instants are µs UTC.</summary>
public sealed record ScrubState
{
    /// <summary>Where the pass is: the number of a shard, of 256.</summary>
    public int Shard { get; init; }

    /// <summary>The last id of that shard that is done.</summary>
    public string After { get; init; } = "";

    /// <summary>The blob after it that is done in part; empty where none is.</summary>
    public string Partly { get; init; } = "";

    /// <summary>How many bytes of that blob are done.</summary>
    public long Offset { get; init; }

    /// <summary>What this pass has seen so far.</summary>
    public ScrubCount Pass { get; init; } = new(0, 0, 0);

    /// <summary>What the last whole pass saw; null before there was one.</summary>
    public ScrubCount? Last { get; init; }

    /// <summary>When the last whole pass ended; 0 before there was one.</summary>
    public long LastEnded { get; init; }

    /// <summary>The state of a service's scrub; null where it never began.</summary>
    public static async Task<ScrubState?> Of(Reader reader, string service) =>
        await reader.Scalar<string>("SELECT frame FROM keeper WHERE id = @id", new { id = BlobScrub.IdOf(service) }) is { } frame ? Parse(frame) : null;

    internal static ScrubState Parse(string frame) => JsonSerializer.Deserialize<ScrubState>(frame)!;

    internal string Text() => JsonSerializer.Serialize(this);
}

/// <summary>What a scrub saw.</summary>
/// <param name="Blobs">Copies of blobs that were verified to their end or found damaged.</param>
/// <param name="Bytes">Bytes that were verified.</param>
/// <param name="Damaged">Blobs that were found damaged.</param>
public sealed record ScrubCount(long Blobs, long Bytes, long Damaged)
{
    /// <summary>Copies that were made anew, because they were damaged or missing.</summary>
    public long Mended { get; init; }
}
