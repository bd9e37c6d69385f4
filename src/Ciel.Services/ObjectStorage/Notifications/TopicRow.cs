using System.Globalization;
using System.Text.Json;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>A topic: a name for a URL that events are sent to.</summary>
internal sealed record TopicRow
{
    private const long Day = 24L * 3600;

    // Without any, a receiver that is gone would be asked without end.
    private const long LeastPause = 500_000;

    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; init; }

    /// <summary>Who made it.</summary>
    public required string UserId { get; init; }

    /// <summary>What was set, by name, as JSON.</summary>
    public string Attributes { get; init; } = "{}";

    public long Delivered { get; init; }

    /// <summary>How many events were given up.</summary>
    public long Failed { get; init; }

    public string? LastError { get; init; }

    public long? LastErrorAt { get; init; }

    public long CreatedAt { get; init; }

    public string Arn => $"arn:aws:sns:{ObjectDoorOptions.Region}:{ProjectId}:{Name}";

    public IReadOnlyDictionary<string, string> Set => field ??= JsonSerializer.Deserialize<Dictionary<string, string>>(Attributes)!;

    /// <summary>Where events go; null for nowhere.</summary>
    public string? Endpoint => Set.GetValueOrDefault(TopicAttributes.Endpoint) is { Length: > 0 } url ? url : null;

    /// <summary>How long an event is tried, µs.</summary>
    public long Lifetime => Number(TopicAttributes.Lifetime, Day) * 1_000_000;

    public long MostRetries => Number(TopicAttributes.Retries, long.MaxValue);

    /// <summary>How long to wait after a failure, µs: as was set, else twice as long each time.</summary>
    public long Pause(long attempts) => Math.Max(LeastPause, Number(TopicAttributes.Pause, Math.Min(300, 1L << (int)Math.Min(attempts, 20))) * 1_000_000);

    private long Number(string name, long otherwise) =>
        long.TryParse(Set.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
