using System.Text.Json;
using Ciel.Services.ObjectStorage.Buckets;

namespace Ciel.Services.ObjectStorage.Swift;

/// <summary>What Swift keeps with a container: its own metadata, who else may read and write, and where old versions go.</summary>
internal sealed record ContainerSettings
{
    public Dictionary<string, string> Meta { get; init; } = [];

    public string Read { get; init; } = "";

    public string Write { get; init; } = "";

    /// <summary>The container for what is overwritten or deleted; empty for none.</summary>
    public string Versions { get; init; } = "";

    /// <summary>Whether a delete keeps history (<c>X-History-Location</c>) and does not bring the last version back.</summary>
    public bool History { get; init; }

    public static ContainerSettings Of(BucketRow bucket) => bucket[SettingKinds.Swift] is { } text ? JsonSerializer.Deserialize<ContainerSettings>(text)! : new ContainerSettings();

    public BucketRow On(BucketRow bucket) => bucket.With(SettingKinds.Swift, JsonSerializer.Serialize(this));
}
