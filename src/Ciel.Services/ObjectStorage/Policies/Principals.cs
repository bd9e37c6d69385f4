using System.Text.Json;
using Ciel.Services.ObjectStorage.Access;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>Whom a statement concerns. An account is a project; a user within it is named by <c>arn:aws:iam::PROJECT:user/USER</c>.</summary>
internal sealed record Principals(bool Everyone, IReadOnlyList<string> Named, bool Not)
{
    public static Principals Parse(JsonElement statement)
    {
        var not = statement.TryGetProperty("NotPrincipal", out var value);
        if (!not && !statement.TryGetProperty("Principal", out value))
        {
            throw Policy.Malformed("Missing required field Principal");
        }

        var names = value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().SelectMany(p => p.Name is "AWS" or "CanonicalUser" ? Words.List(p.Value) : []).ToList()
            : Words.List(value);
        return value.ValueKind != JsonValueKind.Object && names is not ["*"]
            ? throw Policy.Malformed("Invalid principal in policy")
            : new Principals(names.Contains("*") && !not, names, not);
    }

    public bool Match(Caller caller) => Named.Any(name => Names(name, caller)) != Not;

    private static bool Names(string name, Caller caller)
    {
        if (name == "*")
        {
            return true;
        }

        if (caller.AccountId is not { } account)
        {
            return false;
        }

        if (name == account)
        {
            return true;
        }

        // arn:aws:iam::ACCOUNT:root, arn:aws:iam::ACCOUNT:user/NAME; an empty account leaves the name alone to decide, as Ceph has it.
        var parts = name.Split(':');
        return parts is ["arn", _, "iam" or "sts", _, var project, var what]
            && (project.Length == 0 || project == account)
            && ((what == "root" && project.Length > 0) || what == "user/" + caller.UserId || what == "user/" + account || (what == "user/*" && project.Length > 0));
    }
}
