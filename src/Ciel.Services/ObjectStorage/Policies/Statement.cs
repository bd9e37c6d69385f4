using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>One statement of a policy.</summary>
/// <param name="Allow">Or deny.</param>
/// <param name="Principals">Whom it concerns; null for whoever bears the policy.</param>
/// <param name="Actions">What.</param>
/// <param name="Resources">Of what; null for what bears the policy.</param>
/// <param name="Conditions">When.</param>
internal sealed partial record Statement(bool Allow, Principals? Principals, Words Actions, Words? Resources, IReadOnlyList<Condition> Conditions)
{
    private static readonly string[] Fields = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

    /// <summary>Keys that tie a statement to known people or places, so that "everybody" is not public.</summary>
    private static readonly string[] Fixing = ["aws:sourceip", "aws:sourcearn", "aws:sourceaccount", "aws:sourcevpc", "aws:sourcevpce", "aws:principalorgid", "aws:userid", "s3:dataaccesspointaccount", "s3:dataaccesspointarn"];

    public bool IsPublic => Allow && Principals is { Everyone: true } && !Conditions.Any(c => Fixing.Contains(c.Key.ToLowerInvariant()));

    /// <summary>Whether it names nothing where it should: a NotAction without any would mean everything.</summary>
    public bool IsEmpty => Actions.All.Count == 0 || Resources is { All.Count: 0 };

    /// <summary>Why it can do nothing at a bucket; null where it can.</summary>
    public string? Flaw => !Actions.All.All(a => a == "*" || Action().IsMatch(a)) ? "Policy has invalid action" : Principals is { IsNobody: true } ? "Invalid principal in policy" : null;

    public static Statement Parse(JsonElement json, PolicyKind kind)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Any(p => !Fields.Contains(p.Name)))
        {
            throw Policy.Malformed("Unknown field in a statement");
        }

        if ((kind == PolicyKind.Identity && (json.TryGetProperty("Principal", out _) || json.TryGetProperty("NotPrincipal", out _)))
            || (kind == PolicyKind.Trust && (json.TryGetProperty("Resource", out _) || json.TryGetProperty("NotResource", out _))))
        {
            throw Policy.Malformed("Policy document should not specify a principal or a resource here");
        }

        var effect = json.TryGetProperty("Effect", out var e) ? e.ToString() : "";
        return effect == "Allow" && json.TryGetProperty("NotPrincipal", out _) ? throw Policy.Malformed("Allow with NotPrincipal is not supported") : new Statement(
            effect switch { "Allow" => true, "Deny" => false, _ => throw Policy.Malformed($"Invalid effect: {effect}") },
            kind == PolicyKind.Identity ? null : Principals.Parse(json),
            Words.Parse(json, "Action", ignoreCase: true),
            kind == PolicyKind.Trust ? null : Words.Parse(json, "Resource", ignoreCase: false),
            json.TryGetProperty("Condition", out var conditions) ? Condition.Parse(conditions) : []);
    }

    public Verdict Decide(PolicyRequest request)
    {
        if (!Actions.Match(request.Action) || Resources?.Match(request.Resource, request) == false || !Conditions.All(c => c.Holds(request)))
        {
            return Verdict.None;
        }

        var named = Principals?.Match(request) ?? Verdict.Allow;
        return Allow || named == Verdict.None ? named : Verdict.Deny;
    }

    [GeneratedRegex(@"\As3:[a-z*?]+\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Action();

    public bool Concerns(string bucket) => Resources!.All.All(r => r == "*" || r.Split(":::", 2) is [_, var path] && Words.Like(path.Split('/')[0], bucket, ignoreCase: false));
}
