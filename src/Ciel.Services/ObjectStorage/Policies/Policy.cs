using System.Collections.Concurrent;
using System.Text.Json;
using Ciel.Services.ObjectStorage.Door;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>What a policy says of a request.</summary>
internal enum Verdict
{
    None,
    Allow,
    Deny,
}

/// <summary>A bucket's policy (IAM User Guide, "Grammar of the IAM JSON policy language").</summary>
internal sealed class Policy
{
    public const int Longest = 20 * 1024;
    private const int MostCached = 1000;
    private static readonly ConcurrentDictionary<string, Policy> Parsed = new();
    private readonly IReadOnlyList<Statement> _statements;

    private Policy(IReadOnlyList<Statement> statements) => _statements = statements;

    /// <summary>Whether it allows something to everybody without a condition that names who.</summary>
    public bool IsPublic => _statements.Any(s => s.IsPublic);

    /// <summary>A stored policy; parsed once.</summary>
    public static Policy Cached(string text)
    {
        if (Parsed.Count > MostCached)
        {
            Parsed.Clear();
        }

        return Parsed.GetOrAdd(text, Parse);
    }

    /// <exception cref="S3Fault">400 for what is no policy.</exception>
    public static Policy Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
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
            return version is "2008-10-17" or "2012-10-17"
                ? new Policy(statements.ValueKind == JsonValueKind.Array ? [.. statements.EnumerateArray().Select(Statement.Parse)] : [Statement.Parse(statements)])
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
        foreach (var statement in _statements.Where(s => s.Matches(request)))
        {
            if (!statement.Allow)
            {
                return Verdict.Deny;
            }

            verdict = Verdict.Allow;
        }

        return verdict;
    }

    /// <summary>Whether every resource that it names lies in the bucket.</summary>
    public bool Concerns(string bucket) => _statements.All(s => s.Concerns(bucket));

    public static S3Fault Malformed(string why) => new(400, "MalformedPolicy", $"Policies must be valid JSON and the first byte must be '{{': {why}.");
}
