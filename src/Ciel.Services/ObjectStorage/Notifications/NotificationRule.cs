using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Settings;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Notifications;

/// <summary>Which events of a bucket go to which topic.</summary>
internal sealed record NotificationRule(string Id, string Topic, IReadOnlyList<string> Events, string Prefix, string Suffix)
{
    private const int Most = 100;
    private static readonly DocumentCache<string, IReadOnlyList<NotificationRule>> Parsed = new(text => [.. XmlInput.Parse(text).All("TopicConfiguration").Select(Parse)]);

    /// <summary>The rules of a stored document; parsed once.</summary>
    public static IReadOnlyList<NotificationRule> Cached(string text) => Parsed.Of(text);

    public bool Covers(string name, string key) => key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(Suffix, StringComparison.Ordinal) && Events.Any(e => EventNames.Covers(e, name));

    /// <summary>The topic's name, if the ARN is one of the project's own topics; null else. An empty account means the own one.</summary>
    public static string? TopicName(string arn, string projectId) =>
        arn.Split(':') is ["arn", _, "sns", _, var project, var name] && (project.Length == 0 || project == projectId) && name.Length > 0 ? name : null;

    /// <summary>Refuses what S3 refuses; gives each rule an id.</summary>
    public static List<NotificationRule> Check(XElement root, Func<string> fresh)
    {
        foreach (var element in root.Elements())
        {
            if (element.Name.LocalName is "QueueConfiguration" or "CloudFunctionConfiguration" or "EventBridgeConfiguration")
            {
                throw Faults.InvalidArgument(
                    element.Name.LocalName, element.Elements().FirstOrDefault(e => e.Name.LocalName is "Queue" or "CloudFunction")?.Value,
                    "Unable to validate the following destination configurations: events go to topics only. Make one with SNS's CreateTopic, its attribute push-endpoint being the webhook's URL, and name it in a TopicConfiguration.");
            }

            if (element.Name.LocalName != "TopicConfiguration" || element.Elements().Any(e => e.Name.LocalName is not ("Id" or "Topic" or "Event" or "Filter")))
            {
                throw Faults.MalformedXml();
            }

            if (element.Text("Id") is null or "")
            {
                element.One("Id")?.Remove();
                element.AddFirst(new XElement(root.Name.Namespace + "Id", fresh()));
            }
        }

        List<NotificationRule> rules = [.. root.All("TopicConfiguration").Select(Parse)];
        RefuseOverlaps(rules);
        return rules.Count <= Most && rules.DistinctBy(r => r.Id).Count() == rules.Count ? rules : throw Faults.InvalidArgument("Id", null, "There are too many configurations, or two of one Id.");
    }

    private static NotificationRule Parse(XElement element)
    {
        var (prefix, suffix) = Filter(element.One("Filter"));
        List<string> events = [.. element.All("Event").Select(e => e.Value.Trim())];
        return events.Count == 0 ? throw Faults.MalformedXml() : new NotificationRule(
            element.Text("Id")!,
            element.Text("Topic")?.Trim() ?? throw Faults.MalformedXml(),
            events.FirstOrDefault(e => !EventNames.Known.Contains(e)) is { } unknown ? throw Faults.InvalidArgument("Event", unknown, "The event is not supported for notifications") : events,
            prefix,
            suffix);
    }

    private static (string Prefix, string Suffix) Filter(XElement? filter)
    {
        if (filter is null)
        {
            return ("", "");
        }

        if (filter.Elements().Any(e => e.Name.LocalName != "S3Key"))
        {
            throw Faults.InvalidArgument("Filter", null, "Only filters by S3Key are supported.");
        }

        var found = new Dictionary<string, string>();
        foreach (var rule in filter.One("S3Key")?.All("FilterRule") ?? [])
        {
            var name = rule.Text("Name")?.Trim().ToLowerInvariant() ?? "";
            if (name is not ("prefix" or "suffix"))
            {
                throw Faults.InvalidArgument("FilterRule.Name", name, "filter rule name must be either prefix or suffix");
            }

            if (!found.TryAdd(name, rule.Text("Value") ?? ""))
            {
                throw Faults.InvalidArgument("FilterRule.Name", name, "Cannot specify more than one prefix rule or suffix rule in a filter.");
            }
        }

        return (found.GetValueOrDefault("prefix", ""), found.GetValueOrDefault("suffix", ""));
    }

    private static void RefuseOverlaps(List<NotificationRule> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules.Skip(i + 1).Any(rules[i].Overlaps))
            {
                throw Faults.InvalidArgument("Filter", null, "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.");
            }
        }
    }

    private bool Overlaps(NotificationRule other) =>
        Events.Any(a => other.Events.Any(b => EventNames.Covers(a, b[3..].TrimEnd('*')) || EventNames.Covers(b, a[3..].TrimEnd('*'))))
        && (Prefix.StartsWith(other.Prefix, StringComparison.Ordinal) || other.Prefix.StartsWith(Prefix, StringComparison.Ordinal))
        && (Suffix.EndsWith(other.Suffix, StringComparison.Ordinal) || other.Suffix.EndsWith(Suffix, StringComparison.Ordinal));
}
