using System.Text.Json;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>
/// Whom a statement concerns. An account is a project; its Keystone users are its root, and one of them is named by
/// <c>arn:aws:iam::PROJECT:user/KEYSTONE-ID</c>; IAM users, roles and sessions by their own names.
/// </summary>
internal sealed record Principals(bool Everyone, IReadOnlyList<string> Named, IReadOnlyList<string> Federated, bool Not)
{
    /// <summary>Amazon's services that it names. None of them calls here, but policies that people bring along name them, as access logs' must there.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Whether it names none, or one without a name.</summary>
    public bool IsNobody => Named.Count + Federated.Count + Services.Count == 0 || Named.Any(string.IsNullOrEmpty);

    public static Principals Parse(JsonElement statement)
    {
        var (value, not) = Words.Field(statement, "Principal");
        var names = value.ValueKind == JsonValueKind.Object ? Of(value, "AWS", "CanonicalUser") : Words.List(value);
        return value.ValueKind != JsonValueKind.Object && names is not ["*"]
            ? throw Policy.Malformed("Invalid principal in policy")
            : new Principals(names.Contains("*") && !not, names, Of(value, "Federated"), not) { Services = Of(value, "Service") };
    }

    /// <summary>None, delegated (its account is named) or allow (itself is named).</summary>
    public Verdict Match(PolicyRequest request)
    {
        if (Not)
        {
            return Named.Any(name => Names(name, request) != Verdict.None) ? Verdict.None : Verdict.Allow;
        }

        if (request.Caller.Provider is { } provider)
        {
            return Federated.Contains(provider) ? Verdict.Allow : Verdict.None;
        }

        var best = Verdict.None;
        foreach (var name in Named)
        {
            var found = Names(name, request);
            best = found > best ? found : best;
        }

        return best;
    }

    private static List<string> Of(JsonElement value, params string[] kinds) =>
        value.ValueKind != JsonValueKind.Object ? [] : [.. value.EnumerateObject().SelectMany(p => kinds.Contains(p.Name) ? Words.List(p.Value) : [])];

    private static Verdict Names(string name, PolicyRequest request)
    {
        var caller = request.Caller;
        if (name == "*")
        {
            return Verdict.Allow;
        }

        if (caller.AccountId is not { } account)
        {
            return Verdict.None;
        }

        if (caller.Names.Contains(name))
        {
            return Verdict.Allow;
        }

        var whole = caller.Rights is null ? Verdict.Allow : Verdict.Delegated;
        if (name == account)
        {
            return whole;
        }

        // arn:aws:iam::ACCOUNT:root, arn:aws:iam::ACCOUNT:user/NAME. Without an account, as Ceph has it, an IAM user or role is one of the
        // policy's own account: names are unique only within one, so a stranger's of the same name is somebody else.
        var parts = name.Split(':', 6);
        if (parts is not ["arn", _, "iam" or "sts", _, var project, var what])
        {
            return Verdict.None;
        }

        if (project.Length == 0)
        {
            return caller.Names.Contains($"arn:aws:{parts[2]}::{request.Account}:{what}") || what == "user/" + account || (caller.Keystone is { } id && what == "user/" + id) ? Verdict.Allow : Verdict.None;
        }

        return project == account && (what is "root" or "user/*" || what == "user/" + account) ? whole : Verdict.None;
    }
}
