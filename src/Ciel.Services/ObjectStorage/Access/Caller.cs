using Ciel.Core.Policy;
using Ciel.Services.Identity;

namespace Ciel.Services.ObjectStorage.Access;

/// <summary>Who makes a request. The account is the key's project; null for nobody.</summary>
internal sealed record Caller(string? AccountId, string AccountName, string? UserId, bool Writes)
{
    public static readonly Caller Anonymous = new(null, "", null, Writes: true);

    public bool IsAnonymous => AccountId is null;

    /// <summary>Whether it is one of the cloud's admins.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>The name by which it is known (<c>arn:aws:iam::PROJECT:root</c>, <c>…:user/NAME</c>, <c>arn:aws:sts::PROJECT:assumed-role/ROLE/SESSION</c>).</summary>
    public string Arn { get; init; } = "";

    /// <summary>The names by which policies may mean it, and not its account as a whole.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The Keystone user's id; null for IAM's users and roles.</summary>
    public string? Keystone { get; init; }

    /// <summary>The IAM user's name; null for others.</summary>
    public string? UserName { get; init; }

    /// <summary>What it is allowed at most; null for the account's root, who may everything.</summary>
    public Rights? Rights { get; init; }

    /// <summary>The long-lived key that a temporary one came from; the key itself where it is one.</summary>
    public string? Access { get; init; }

    public bool Temporary { get; init; }

    /// <summary>Whether it may make what outlives it: a trust's key, or a session of root, may not.</summary>
    public bool Delegated { get; init; }

    /// <summary>The provider that said who somebody is (web identity); null for callers with a key.</summary>
    public string? Provider { get; init; }

    /// <summary>The session's name; null without.</summary>
    public string? Session { get; init; }

    public static Caller Of(AccessKey key) => new(key.Actor.ProjectId, key.Actor.ProjectName ?? "", key.Actor.UserId, key.Actor.Has(Roles.Member))
    {
        Arn = $"arn:aws:iam::{key.Actor.ProjectId}:root",
        Names = [$"arn:aws:iam::{key.Actor.ProjectId}:user/{key.Actor.UserId}"],
        Keystone = key.Actor.UserId,
        Access = key.Access,
        Delegated = key.Delegated,
        IsAdmin = key.Actor.IsAdmin,
    };

    /// <summary>What policies may ask about the caller; the key in lower case.</summary>
    public IReadOnlyList<string> Values(string key) => key switch
    {
        "aws:principalaccount" => One(AccountId),
        "aws:principalarn" => One(IsAnonymous ? null : Arn),
        "aws:userid" => One(UserId),
        "aws:username" => One(UserName),
        "aws:principaltype" => [IsAnonymous ? "Anonymous" : Rights is null ? "User" : Temporary ? "AssumedRole" : "User"],
        "sts:rolesessionname" => One(Session),
        // Ceph's own: whether the key is temporary.
        "sts:authentication" => [Temporary ? "true" : "false"],
        _ => [],
    };

    private static IReadOnlyList<string> One(string? value) => value is null ? [] : [value];
}
