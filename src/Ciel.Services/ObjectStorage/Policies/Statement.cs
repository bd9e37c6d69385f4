using System.Text.Json;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>One statement of a policy.</summary>
internal sealed record Statement(bool Allow, Principals Principals, Words Actions, Words Resources, IReadOnlyList<Condition> Conditions)
{
    private static readonly string[] Fields = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

    /// <summary>Keys that tie a statement to known people or places, so that "everybody" is not public.</summary>
    private static readonly string[] Fixing = ["aws:sourceip", "aws:sourcearn", "aws:sourceaccount", "aws:sourcevpc", "aws:sourcevpce", "aws:principalorgid", "aws:userid", "s3:dataaccesspointaccount", "s3:dataaccesspointarn"];

    public bool IsPublic => Allow && Principals.Everyone && !Conditions.Any(c => Fixing.Contains(c.Key.ToLowerInvariant()));

    public static Statement Parse(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Any(p => !Fields.Contains(p.Name)))
        {
            throw Policy.Malformed("Unknown field in a statement");
        }

        var effect = json.TryGetProperty("Effect", out var e) ? e.ToString() : "";
        return effect == "Allow" && json.TryGetProperty("NotPrincipal", out _) ? throw Policy.Malformed("Allow with NotPrincipal is not supported") : new Statement(
            effect switch { "Allow" => true, "Deny" => false, _ => throw Policy.Malformed($"Invalid effect: {effect}") },
            Principals.Parse(json),
            Words.Parse(json, "Action", ignoreCase: true),
            Words.Parse(json, "Resource", ignoreCase: false),
            json.TryGetProperty("Condition", out var conditions) ? Condition.Parse(conditions) : []);
    }

    public bool Matches(PolicyRequest request) =>
        Actions.Match(request.Action) && Resources.Match(request.Resource) && Principals.Match(request.Caller) && Conditions.All(c => c.Holds(request));

    public bool Concerns(string bucket) => Resources.All.All(r => r == "*" || r.Split(":::", 2) is [_, var path] && Words.Like(path.Split('/')[0], bucket, ignoreCase: false));
}
