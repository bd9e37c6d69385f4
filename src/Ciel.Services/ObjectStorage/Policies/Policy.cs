using System.Text;
using System.Text.Json;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Settings;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>What a policy says of a request.</summary>
internal enum Verdict
{
    None,

    /// <summary>Allowed to the caller's account: whom the account lets, may.</summary>
    Delegated,

    Allow,
    Deny,
}

/// <summary>Where a policy stands, and so what its statements name.</summary>
internal enum PolicyKind
{
    /// <summary>At a bucket: whom, and what of it.</summary>
    Bucket,

    /// <summary>At a user, group, role or session: what.</summary>
    Identity,

    /// <summary>At a role: who may assume it.</summary>
    Trust,
}

/// <summary>A policy (IAM User Guide, "Grammar of the IAM JSON policy language").</summary>
internal sealed class Policy
{
    public const int Longest = 20 * 1024;
    private static readonly DocumentCache<(string Text, PolicyKind Kind), Policy> Parsed = new(document => Parse(document.Text, document.Kind));
    private readonly IReadOnlyList<Statement> _statements;

    private Policy(IReadOnlyList<Statement> statements) => _statements = statements;

    /// <summary>Whether it allows something to everybody without a condition that names who.</summary>
    public bool IsPublic => _statements.Any(s => s.IsPublic);

    /// <summary>A stored policy; parsed once.</summary>
    public static Policy Cached(string text, PolicyKind kind = PolicyKind.Bucket) => Parsed.Of((text, kind));

    /// <exception cref="S3Fault">400 for what is no policy.</exception>
    public static Policy Parse(string text, PolicyKind kind = PolicyKind.Bucket)
    {
        try
        {
            using var document = JsonInput.Parse(Encoding.UTF8.GetBytes(text), 16);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw Malformed("it is not an object");
            }

            foreach (var property in root.EnumerateObject())
            {
                if (property.Name is not ("Version" or "Id" or "Statement"))
                {
                    throw Malformed($"unknown field {property.Name}");
                }
            }

            var version = root.TryGetProperty("Version", out var v) ? v.ToString() : "2008-10-17";
            var statements = root.TryGetProperty("Statement", out var s) ? s : throw Malformed("Missing required field Statement");
            var names = statements.ValueKind == JsonValueKind.Array ? statements.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object && e.TryGetProperty("Sid", out _)).Select(e => e.GetProperty("Sid").ToString()).ToList() : [];
            if (kind != PolicyKind.Bucket && names.Distinct().Count() != names.Count)
            {
                throw Malformed("Statement IDs (SID) in a single policy must be unique.");
            }

            return version is "2008-10-17" or "2012-10-17"
                ? new Policy(statements.ValueKind == JsonValueKind.Array ? [.. statements.EnumerateArray().Select(s => Statement.Parse(s, kind))] : [Statement.Parse(statements, kind)])
                : throw Malformed("unknown Version");
        }
        catch (JsonException)
        {
            throw Malformed("This policy contains invalid Json");
        }
    }

    public Verdict Decide(PolicyRequest request)
    {
        var verdict = Verdict.None;
        foreach (var statement in _statements)
        {
            var found = statement.Decide(request);
            if (found == Verdict.Deny)
            {
                return found;
            }

            verdict = found > verdict ? found : verdict;
        }

        return verdict;
    }

    /// <summary>Refuses what shall not be kept. Those that are kept are read without, lest they lock their owner out.</summary>
    public void Check()
    {
        if (_statements.Any(s => s.IsEmpty))
        {
            throw Malformed("A list of a statement is empty");
        }
    }

    /// <summary>Refuses a bucket's policy that could never do what it says.</summary>
    public void Check(string bucket)
    {
        Check();
        if (_statements.Count == 0)
        {
            throw Malformed("Could not parse the policy: Statement is empty!");
        }

        if (_statements.Select(s => s.Flaw).FirstOrDefault(f => f is not null) is { } flaw)
        {
            throw Malformed(flaw);
        }

        if (!_statements.All(s => s.Concerns(bucket)))
        {
            throw Malformed("Policy has invalid resource");
        }
    }

    public static S3Fault Malformed(string why) => new(400, "MalformedPolicy", $"Policies must be valid JSON and the first byte must be '{{': {why}.");
}
