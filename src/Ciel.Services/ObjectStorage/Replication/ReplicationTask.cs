using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>What is to be carried to a destination; waits as an event's record.</summary>
/// <param name="Rule">By which rule.</param>
/// <param name="VersionId">Which version.</param>
/// <param name="Kind">One of the kinds below.</param>
internal sealed record ReplicationTask(string Rule, string VersionId, string Kind)
{
    /// <summary>A new version with its bytes.</summary>
    public const string Whole = "object";

    public const string Marker = "marker";

    /// <summary>Tags and list of a version that is there.</summary>
    public const string Details = "details";

    /// <summary>Until when a version that is there may not be removed.</summary>
    public const string Retention = "retention";

    /// <summary>The legal hold of a version that is there.</summary>
    public const string LegalHold = "legal-hold";

    [JsonIgnore]
    public string Text => JsonSerializer.Serialize(this);

    public static ReplicationTask Parse(string text) => JsonSerializer.Deserialize<ReplicationTask>(text)!;
}
