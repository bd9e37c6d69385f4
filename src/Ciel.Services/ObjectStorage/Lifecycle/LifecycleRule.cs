using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Settings;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Lifecycle;

/// <summary>One rule of a bucket's lifecycle: which objects go, and when.</summary>
internal sealed record LifecycleRule
{
    private const int MostRules = 1000;
    private const int LongestId = 255;

    /// <summary>More is as long as never, and past the end of the calendar.</summary>
    public const int MostDays = 1_000_000;

    public string Id { get; init; } = "";

    public bool Enabled { get; init; }

    public string Prefix { get; init; } = "";

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Only larger ones; bytes.</summary>
    public long? Larger { get; init; }

    /// <summary>Only smaller ones; bytes.</summary>
    public long? Smaller { get; init; }

    /// <summary>Current versions expire so many days after they were made.</summary>
    public int? Days { get; init; }

    /// <summary>Current versions expire at that instant, µs UTC.</summary>
    public long? Date { get; init; }

    /// <summary>Delete markers that hide nothing go.</summary>
    public bool LoneMarkers { get; init; }

    public int? NoncurrentDays { get; init; }

    /// <summary>So many noncurrent versions stay, however old.</summary>
    public int NewerNoncurrent { get; init; }

    /// <summary>Current versions get another storage class.</summary>
    public IReadOnlyList<Transition> Transitions { get; init; } = [];

    /// <summary>Noncurrent versions get another storage class.</summary>
    public IReadOnlyList<Transition> NoncurrentTransitions { get; init; } = [];

    /// <summary>Unfinished uploads are aborted so many days after they began.</summary>
    public int? AbortDays { get; init; }

    public static IReadOnlyList<LifecycleRule> Parse(string document) => [.. XmlInput.Parse(document).All("Rule").Select(Of)];

    /// <summary>The document with an id for each rule.</summary>
    public static XElement Checked(XElement root)
    {
        var rules = root.All("Rule").ToList();
        if (rules.Count is 0 or > MostRules)
        {
            throw Faults.MalformedXml();
        }

        foreach (var rule in rules)
        {
            LifecycleCheck.Rule(rule);
            _ = Of(rule);
        }

        SettingRules.GiveIds(rules);
        var ids = rules.Select(r => r.Text("ID")!).ToList();
        return ids.Any(id => id.Length > LongestId) ? throw Faults.InvalidArgument("ID", null, "ID length should not exceed allowed limit of 255")
            : ids.Distinct().Count() < ids.Count ? throw Faults.InvalidArgument("ID", null, "Rule ID must be unique. Found same ID for more than one rule")
            : root;
    }

    /// <summary>Whether the rule is about an object.</summary>
    public bool Covers(string key, long size, IReadOnlyDictionary<string, string> tags) =>
        Enabled && key.StartsWith(Prefix, StringComparison.Ordinal) && (Larger is null || size > Larger) && (Smaller is null || size < Smaller)
        && Tags.All(t => tags.GetValueOrDefault(t.Key) == t.Value);

    private static LifecycleRule Of(XElement rule)
    {
        var filter = rule.One("Filter");
        var and = filter?.One("And") ?? filter;
        var expiration = rule.One("Expiration");
        var noncurrent = rule.One("NoncurrentVersionExpiration");
        return new LifecycleRule
        {
            Id = rule.Text("ID") ?? "",
            Enabled = rule.Text("Status") == "Enabled",
            Prefix = rule.Text("Prefix") ?? and?.Text("Prefix") ?? "",
            Tags = TagsOf(and?.All("Tag") ?? []),
            Larger = Number(and?.Text("ObjectSizeGreaterThan")),
            Smaller = Number(and?.Text("ObjectSizeLessThan")),
            Days = (int?)Number(expiration?.Text("Days")),
            Date = Instants.ParseIso(expiration?.Text("Date")),
            LoneMarkers = expiration?.Text("ExpiredObjectDeleteMarker") == "true",
            NoncurrentDays = (int?)Number(noncurrent?.Text("NoncurrentDays")),
            NewerNoncurrent = (int)(Number(noncurrent?.Text("NewerNoncurrentVersions")) ?? 0),
            Transitions = [.. rule.All("Transition").Select(t => Transition.Of(t, "Days"))],
            NoncurrentTransitions = [.. rule.All("NoncurrentVersionTransition").Select(t => Transition.Of(t, "NoncurrentDays"))],
            AbortDays = (int?)Number(rule.One("AbortIncompleteMultipartUpload")?.Text("DaysAfterInitiation")),
        };
    }

    private static Dictionary<string, string> TagsOf(IEnumerable<XElement> elements)
    {
        var tags = new Dictionary<string, string>();
        foreach (var tag in elements)
        {
            _ = tags.TryAdd(tag.Text("Key") ?? throw Faults.MalformedXml(), tag.Text("Value") ?? throw Faults.MalformedXml()) ? true : throw Faults.MalformedXml();
        }

        return tags;
    }

    private static long? Number(string? text) => long.TryParse(text, out var value) ? value : null;
}

/// <summary>A change of storage class, after so many days or at an instant (µs UTC).</summary>
internal sealed record Transition(int? Days, long? Date, string StorageClass)
{
    public static Transition Of(XElement element, string days) =>
        new(int.TryParse(element.Text(days), out var count) ? count : null, Instants.ParseIso(element.Text("Date")), element.Text("StorageClass") ?? "");
}
