using System.Globalization;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Settings;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Replication;

/// <summary>One rule: which objects go where ("Replication configuration file elements").</summary>
internal sealed record ReplicationRule
{
    private const int Most = 1000;
    private static readonly DocumentCache<string, IReadOnlyList<ReplicationRule>> Parsed = new(text => [.. XmlInput.Parse(text).All("Rule").Select(Parse)]);

    public string Id { get; init; } = "";

    public long Priority { get; init; }

    public bool Enabled { get; init; }

    public string Prefix { get; init; } = "";

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>As the configuration names it.</summary>
    public string Arn { get; init; } = "";

    public Destination To => Destination.Parse(Arn)!;

    /// <summary>Null for the object's own.</summary>
    public string? StorageClass { get; init; }

    public bool Markers { get; init; }

    /// <summary>Whether objects under keys of the key service go, too.</summary>
    public bool Kms { get; init; }

    /// <summary>Whether replicas belong to the destination's owner.</summary>
    public bool OwnerOverride { get; init; }

    /// <summary>The rules of a stored document; parsed once.</summary>
    public static IReadOnlyList<ReplicationRule> Cached(string text) => Parsed.Of(text);

    /// <summary>Refuses what S3 refuses; gives each rule an id.</summary>
    public static List<ReplicationRule> Check(XElement root)
    {
        var elements = root.All("Rule").ToList();
        if (string.IsNullOrWhiteSpace(root.Text("Role")) || elements.Count is 0 or > Most)
        {
            throw Faults.MalformedXml();
        }

        SettingRules.GiveIds(elements);
        List<ReplicationRule> rules = [.. elements.Select(Parse)];
        return rules.DistinctBy(r => r.Id).Count() < rules.Count ? throw Faults.InvalidArgument("ID", null, "Rule Id must be unique")
            : rules.DistinctBy(r => (r.Priority, r.Arn)).Count() < rules.Count ? throw Faults.InvalidRequest("Found duplicate priorities of rules to one destination. Priorities must be unique.")
            : rules;
    }

    public bool Covers(string key, IReadOnlyDictionary<string, string> tags) =>
        Enabled && key.StartsWith(Prefix, StringComparison.Ordinal) && Tags.All(t => tags.GetValueOrDefault(t.Key) == t.Value);

    private static ReplicationRule Parse(XElement element)
    {
        var filter = element.One("Filter");
        var within = filter?.One("And") ?? filter;
        var destination = element.One("Destination") ?? throw Faults.MalformedXml();
        var tags = within?.All("Tag").ToDictionary(t => t.Text("Key") ?? throw Faults.MalformedXml(), t => t.Text("Value") ?? "") ?? [];
        // Rules of the first form, without a filter, carry delete markers on.
        var markers = (filter is null && element.One("DeleteMarkerReplication") is null) || Is(element, "DeleteMarkerReplication");
        var rule = new ReplicationRule
        {
            Id = element.Text("ID") ?? "",
            Priority = long.TryParse(element.Text("Priority") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var priority) ? priority : throw Faults.MalformedXml(),
            Enabled = element.Text("Status") switch { "Enabled" => true, "Disabled" => false, _ => throw Faults.MalformedXml() },
            Prefix = within?.Text("Prefix") ?? element.Text("Prefix") ?? "",
            Tags = tags,
            Arn = destination.Text("Bucket")?.Trim() ?? throw Faults.MalformedXml(),
            StorageClass = destination.Text("StorageClass") is { } name ? StorageClasses.Of(name) : null,
            Markers = markers,
            Kms = element.One("SourceSelectionCriteria") is { } criteria && Is(criteria, "SseKmsEncryptedObjects"),
            OwnerOverride = destination.One("AccessControlTranslation")?.Text("Owner") == "Destination",
        };
        return Destination.Parse(rule.Arn) is null ? throw Faults.InvalidArgument("Bucket", rule.Arn, "Invalid bucket ARN: name a bucket of this cloud as arn:aws:s3:::BUCKET, or one of a replication target as arn:aws:s3:::target/NAME/BUCKET.")
            : tags.Count > 0 && markers && filter is not null ? throw Faults.InvalidRequest("Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.")
            : rule;
    }

    private static bool Is(XElement parent, string name) => parent.One(name)?.Text("Status") switch
    {
        null or "Disabled" => false,
        "Enabled" => true,
        _ => throw Faults.MalformedXml(),
    };
}
