using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>One grant of an access control list.</summary>
/// <param name="Kind">CanonicalUser or Group.</param>
/// <param name="Id">The account, or the group's URI.</param>
/// <param name="Name">The account's name.</param>
/// <param name="Permission">FULL_CONTROL, READ, WRITE, READ_ACP or WRITE_ACP.</param>
internal sealed record Grant(string Kind, string Id, string Name, string Permission);

/// <summary>An access control list with its owner.</summary>
internal sealed record Acl(string OwnerId, string OwnerName, IReadOnlyList<Grant> Grants)
{
    public const string Account = "CanonicalUser";
    public const string Group = "Group";
    public const string Everyone = "http://acs.amazonaws.com/groups/global/AllUsers";
    public const string Authenticated = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
    public const string LogDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery";
    public const string Full = "FULL_CONTROL";

    public static readonly IReadOnlyList<string> Permissions = [Full, "READ", "WRITE", "READ_ACP", "WRITE_ACP"];

    public static Acl Private(string id, string name) => new(id, name, [new Grant(Account, id, name, Full)]);

    public static Acl Parse(string json) => JsonSerializer.Deserialize<Acl>(json)!;

    [JsonIgnore]
    public string Text => JsonSerializer.Serialize(this);

    /// <summary>Whether a group of strangers has anything.</summary>
    [JsonIgnore]
    public bool IsPublic => Grants.Any(g => g.Kind == Group && g.Id is Everyone or Authenticated);

    /// <summary>Whether the caller has the permission.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="permission">Which.</param>
    /// <param name="groups">Whether grants to groups count (public access may be blocked).</param>
    public bool Allows(Caller caller, string permission, bool groups = true) =>
        (caller.AccountId == OwnerId && permission is "READ_ACP" or "WRITE_ACP" && !caller.IsAnonymous)
        || Grants.Any(g => (g.Permission == permission || g.Permission == Full) && Reaches(g, caller, groups));

    /// <summary>S3's canned lists; null for a name that is none.</summary>
    public static Acl? Canned(string name, string ownerId, string ownerName, string bucketOwnerId, string bucketOwnerName)
    {
        var own = new Grant(Account, ownerId, ownerName, Full);
        Grant[]? more = name switch
        {
            "private" or "aws-exec-read" => [],
            "public-read" => [new Grant(Group, Everyone, "", "READ")],
            "public-read-write" => [new Grant(Group, Everyone, "", "READ"), new Grant(Group, Everyone, "", "WRITE")],
            "authenticated-read" => [new Grant(Group, Authenticated, "", "READ")],
            "bucket-owner-read" => ownerId == bucketOwnerId ? [] : [new Grant(Account, bucketOwnerId, bucketOwnerName, "READ")],
            "bucket-owner-full-control" => ownerId == bucketOwnerId ? [] : [new Grant(Account, bucketOwnerId, bucketOwnerName, Full)],
            "log-delivery-write" => [new Grant(Group, LogDelivery, "", "WRITE"), new Grant(Group, LogDelivery, "", "READ_ACP")],
            _ => null,
        };
        return more is null ? null : new Acl(ownerId, ownerName, [.. more, own]);
    }

    private static bool Reaches(Grant grant, Caller caller, bool groups) => grant.Kind switch
    {
        Account => grant.Id == caller.AccountId,
        Group => groups && (grant.Id == Everyone || (grant.Id == Authenticated && !caller.IsAnonymous)),
        _ => false,
    };
}
