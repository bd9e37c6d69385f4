using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Objects;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Lifecycle;

/// <summary>What S3 refuses in a lifecycle rule.</summary>
internal static class LifecycleCheck
{
    public static void Rule(XElement rule)
    {
        if (rule.Text("Status") is not ("Enabled" or "Disabled"))
        {
            throw Faults.MalformedXml();
        }

        var expiration = rule.One("Expiration");
        Positive(expiration, "Days");
        Positive(rule.One("NoncurrentVersionExpiration"), "NoncurrentDays");
        Positive(rule.One("NoncurrentVersionExpiration"), "NewerNoncurrentVersions");
        Positive(rule.One("AbortIncompleteMultipartUpload"), "DaysAfterInitiation");
        Midnight(expiration);
        var transitions = rule.All("Transition").Concat(rule.All("NoncurrentVersionTransition")).ToList();
        foreach (var transition in transitions)
        {
            Midnight(transition);
            _ = StorageClasses.Of(transition.Text("StorageClass") ?? throw Faults.MalformedXml());
            if (transition.All("Days").Concat(transition.All("Date")).Concat(transition.All("NoncurrentDays")).Count() != 1)
            {
                throw Faults.MalformedXml();
            }
        }

        if (transitions.Count == 0 && expiration is null && rule.One("NoncurrentVersionExpiration") is null && rule.One("AbortIncompleteMultipartUpload") is null)
        {
            throw Faults.InvalidRequest("At least one action needs to be specified in a rule");
        }
    }

    private static void Midnight(XElement? action)
    {
        if (action?.Text("Date") is { } date && (Instants.ParseIso(date) is not { } at || at % 86_400_000_000 != 0))
        {
            throw Faults.InvalidArgument("Date", date, "'Date' must be at midnight GMT");
        }
    }

    private static void Positive(XElement? action, string name)
    {
        if (action?.Text(name) is { } text && (!int.TryParse(text, out var days) || days < 1))
        {
            throw Faults.InvalidArgument(name, text, $"'{name}' for action must be a positive integer");
        }
    }
}
