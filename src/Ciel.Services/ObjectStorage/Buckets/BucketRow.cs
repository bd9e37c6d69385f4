using System.Text.Json;
using Ciel.Services.ObjectStorage.Access;

namespace Ciel.Services.ObjectStorage.Buckets;

/// <summary>A bucket. The project that made it is the account that owns it.</summary>
internal sealed record BucketRow
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>The project's name when the bucket was made.</summary>
    public required string OwnerName { get; init; }

    /// <summary>Empty, Enabled or Suspended.</summary>
    public string Versioning { get; init; } = "";

    /// <summary>Whether object lock is on; it never goes off.</summary>
    public bool Locking { get; init; }

    public string Settings { get; init; } = "{}";

    public long CreatedAt { get; init; }

    public bool Versioned => Versioning == "Enabled";

    /// <summary>Whether versions were ever kept.</summary>
    public bool EverVersioned => Versioning.Length > 0;

    private IReadOnlyDictionary<string, string> Documents => field ??= JsonSerializer.Deserialize<Dictionary<string, string>>(Settings)!;

    public Acl Acl => this[SettingKinds.Acl] is { } text ? Acl.Parse(text) : Acl.Private(ProjectId, OwnerName);

    /// <summary>Who owns new objects: ObjectWriter where nothing was said.</summary>
    public string Ownership => this[SettingKinds.Ownership] ?? "ObjectWriter";

    public bool AclsDisabled => Ownership == "BucketOwnerEnforced";

    /// <summary>A document; null where there is none.</summary>
    public string? this[string kind] => Documents.GetValueOrDefault(kind);

    public BucketRow With(string kind, string? document)
    {
        var changed = new Dictionary<string, string>(Documents);
        if (document is null)
        {
            changed.Remove(kind);
        }
        else
        {
            changed[kind] = document;
        }

        return new BucketRow
        {
            Id = Id,
            Name = Name,
            ProjectId = ProjectId,
            OwnerName = OwnerName,
            Versioning = Versioning,
            Locking = Locking,
            CreatedAt = CreatedAt,
            Settings = JsonSerializer.Serialize(changed),
        };
    }
}

/// <summary>The kinds of a bucket's documents; stored, so never renamed.</summary>
internal static class SettingKinds
{
    public const string Acl = "acl";
    public const string Location = "location";
    public const string Policy = "policy";
    public const string PublicAccess = "publicAccess";
    public const string Ownership = "ownership";
    public const string Cors = "cors";
    public const string Website = "website";
    public const string Lifecycle = "lifecycle";
    public const string Encryption = "encryption";
    public const string Lock = "lock";
    public const string Tagging = "tagging";
    public const string Notification = "notification";
    public const string Accelerate = "accelerate";
    public const string Replication = "replication";
    public const string Logging = "logging";
    public const string LoggingGrants = "loggingGrants";
    public const string RequestPayment = "requestPayment";
    public const string Quota = "quota";
    public const string Swift = "swift";
}
