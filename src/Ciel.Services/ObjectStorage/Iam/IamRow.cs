using System.Text.Json;

namespace Ciel.Services.ObjectStorage.Iam;

/// <summary>A user, role, group, policy or provider of an account. Names are unique within account and kind, whatever their case.</summary>
internal sealed record IamRow
{
    /// <summary>IAM's unique id, such as <c>AIDA…</c>; never given twice.</summary>
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>The name in lower case, which sorts and is unique.</summary>
    public required string NameKey { get; init; }

    public string Document { get; init; } = "{}";

    public long CreatedAt { get; init; }

    public IamDocument Content => field ??= JsonSerializer.Deserialize<IamDocument>(Document)!;

    public string Arn => Kind == IamKinds.Provider ? $"arn:aws:iam::{ProjectId}:{Kind}/{Name}" : $"arn:aws:iam::{ProjectId}:{Kind}{Content.Path}{Name}";

    public IamRow With(IamDocument content, string? name = null) => new()
    {
        Id = Id,
        ProjectId = ProjectId,
        Kind = Kind,
        Name = name ?? Name,
        NameKey = (name ?? Name).ToLowerInvariant(),
        Document = JsonSerializer.Serialize(content),
        CreatedAt = CreatedAt,
    };
}

/// <summary>The kinds, as ARNs word them; stored, so never renamed.</summary>
internal static class IamKinds
{
    public const string User = "user";
    public const string Role = "role";
    public const string Group = "group";
    public const string Policy = "policy";
    public const string Provider = "oidc-provider";
}

/// <summary>What is known of one, by kind.</summary>
internal sealed record IamDocument
{
    public string Path { get; init; } = "/";

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Users, roles, groups: policies of their own by name.</summary>
    public IReadOnlyDictionary<string, string> Inline { get; init; } = new Dictionary<string, string>();

    /// <summary>Users, roles, groups: ARNs of managed policies.</summary>
    public IReadOnlyList<string> Attached { get; init; } = [];

    /// <summary>Users: ids of their groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Roles: who may assume them.</summary>
    public string Trust { get; init; } = "";

    /// <summary>Roles: how long a session may last, seconds.</summary>
    public int MaxSession { get; init; } = 3600;

    /// <summary>Policies: the text.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Providers: the URL with its scheme.</summary>
    public string Url { get; init; } = "";

    /// <summary>Providers: audiences.</summary>
    public IReadOnlyList<string> Clients { get; init; } = [];

    /// <summary>Providers: SHA-1 of the certificates that may vouch for it, hex.</summary>
    public IReadOnlyList<string> Thumbprints { get; init; } = [];
}
