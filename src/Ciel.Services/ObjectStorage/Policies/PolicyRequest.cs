using System.Globalization;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Door;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Policies;

/// <summary>What a policy may look at in a request.</summary>
/// <param name="Call">The request.</param>
/// <param name="Action">Such as <c>s3:GetObject</c>.</param>
internal abstract record PolicyRequest(S3Call Call, string Action)
{
    public virtual Caller Caller => Call.Caller;

    /// <summary>The ARN of what it acts on.</summary>
    public abstract string Resource { get; }

    /// <summary>The account that owns the resource.</summary>
    public abstract string Account { get; }

    /// <summary>The values of a condition key; none where the request does not have it.</summary>
    public virtual IReadOnlyList<string> Values(string key)
    {
        var lower = key.ToLowerInvariant();
        return lower switch
        {
            "aws:sourceip" => One(Call.Http.Connection.RemoteIpAddress?.ToString()),
            "aws:referer" => One(Call.Header("Referer")),
            "aws:useragent" => One(Call.Header("User-Agent")),
            "aws:securetransport" => [Call.Http.Request.IsHttps ? "true" : "false"],
            "aws:currenttime" => [Instants.Iso(Call.Now)],
            "aws:epochtime" => [(Call.Now / 1_000_000).ToString(CultureInfo.InvariantCulture)],
            _ => Caller.Values(lower),
        };
    }

    protected static IReadOnlyList<string> One(string? value) => value is null ? [] : [value];
}

/// <summary>A request that acts on an account's own things.</summary>
/// <param name="Call">The request.</param>
/// <param name="Action">Such as <c>iam:CreateUser</c>.</param>
/// <param name="Of">The resource.</param>
/// <param name="Owner">Its account.</param>
/// <param name="Context">Further condition keys, in lower case.</param>
internal sealed record AccountRequest(S3Call Call, string Action, string Of, string Owner, IReadOnlyDictionary<string, IReadOnlyList<string>>? Context = null) : PolicyRequest(Call, Action)
{
    public override string Resource => Of;

    public override string Account => Owner;

    public override IReadOnlyList<string> Values(string key) => Context?.GetValueOrDefault(key.ToLowerInvariant()) ?? base.Values(key);
}
