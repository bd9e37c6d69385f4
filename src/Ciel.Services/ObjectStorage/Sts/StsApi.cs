using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ciel.Services.ObjectStorage.Access;
using Ciel.Services.ObjectStorage.Iam;
using Ciel.Services.ObjectStorage.Policies;
using Ciel.Services.ObjectStorage.Query;
using Ciel.Services.ObjectStorage.Xml;

namespace Ciel.Services.ObjectStorage.Sts;

/// <summary>Temporary credentials (AWS Security Token Service API Reference).</summary>
internal sealed partial class StsApi(Sessions sessions, IamKeys iam, WebIdentities identities) : IQueryApi
{
    private const int Least = 900;
    private const int Hour = 3600;
    private const int LongestPolicy = 2048;

    public IEnumerable<QueryAction> Actions =>
    [
        QueryService.Sts.Action("GetCallerIdentity", WhoAmI),
        QueryService.Sts.Action("GetSessionToken", GetSessionToken),
        QueryService.Sts.Action("GetFederationToken", GetFederationToken),
        QueryService.Sts.Action("AssumeRole", AssumeRole),
        QueryService.Sts.Action("AssumeRoleWithWebIdentity", AssumeRoleWithWebIdentity),
    ];

    private static Task<XElement[]?> WhoAmI(QueryCall query) => Task.FromResult<XElement[]?>(
        [new("Arn", query.Account() is { Length: > 0 } ? query.Call.Caller.Arn : null), new("UserId", query.Call.Caller is { Keystone: not null, Session: null } ? query.Account() : query.Call.Caller.UserId), new("Account", query.Account())]);

    private async Task<XElement[]?> GetSessionToken(QueryCall query)
    {
        RefuseTemporary(query, "GetSessionToken");
        var seconds = query.Number("DurationSeconds", 12 * Hour, Least, 36 * Hour);
        return [await Credentials(query, Clamped(query.Call.Caller, seconds), new SessionContent { Secret = "", ExpiresAt = 0, Source = query.Call.Caller.Access })];
    }

    private async Task<XElement[]?> GetFederationToken(QueryCall query)
    {
        var (caller, name) = (query.Call.Caller, SessionName(query, "Name"));
        RefuseTemporary(query, "GetFederationToken");
        var arn = $"arn:aws:sts::{query.Account()}:federated-user/{name}";
        if (caller.Rights?.Allows(new AccountRequest(query.Call, "sts:GetFederationToken", arn, query.Account())) == false)
        {
            throw QueryFaults.NotAllowed(caller.Arn, "sts:GetFederationToken", arn);
        }

        // Without a policy nothing is allowed, or a name that somebody else answers to would be as good as the key itself.
        var policy = SessionPolicy(query) is [var only] ? only : """{"Version":"2012-10-17","Statement":[]}""";
        var seconds = Clamped(caller, query.Number("DurationSeconds", 12 * Hour, Least, 36 * Hour));
        var content = new SessionContent { Secret = "", ExpiresAt = 0, Source = caller.Access, Name = name, Policies = [policy], Federated = true };
        return [await Credentials(query, seconds, content), new("FederatedUser", new XElement("FederatedUserId", $"{query.Account()}:{name}"), new XElement("Arn", arn)), new("PackedPolicySize", 0)];
    }

    private async Task<XElement[]?> AssumeRole(QueryCall query)
    {
        var caller = query.Call.Caller;
        var (name, arn) = (SessionName(query, "RoleSessionName"), query.Required("RoleArn", 2048));
        var role = RoleOf(arn, query.Account()) is var (account, roleName) ? await iam.Named(account, IamKinds.Role, roleName) : null;
        if (role is null || await iam.ById(role.Id) is null || !TrustPolicy.MayAssume(query, role, "sts:AssumeRole", name))
        {
            // A role that is not there, or is not for the caller, is told alike.
            throw QueryFaults.NotAllowed(caller.Arn, "sts:AssumeRole", arn);
        }

        // One session may lead to the next for an hour at most, or it could be renewed for ever.
        var longest = caller.Temporary ? Hour : role.Content.MaxSession;
        var seconds = query.Number("DurationSeconds", Math.Min(Hour, longest), Least, longest);
        var content = new SessionContent { Secret = "", ExpiresAt = 0, Source = caller.Access, Role = role.Id, Name = name, Policies = SessionPolicy(query), Lent = caller.Delegated || caller is { Keystone: not null, Temporary: true } };
        return [await Credentials(query, seconds, content), .. Assumed(role, name)];
    }

    private async Task<XElement[]?> AssumeRoleWithWebIdentity(QueryCall query)
    {
        var (name, arn) = (SessionName(query, "RoleSessionName"), query.Required("RoleArn", 2048));
        var (account, roleName) = RoleOf(arn, "") ?? throw NotFor(arn);
        var role = await iam.Named(account, IamKinds.Role, roleName);
        if (role is null || await iam.ById(role.Id) is null)
        {
            throw NotFor(arn);
        }

        var person = await identities.Verify(query, role.ProjectId, query.Required("WebIdentityToken", 20_000));
        query.Call.Caller = new Caller(null, "", $"{person.Provider.Name}:{person.Subject}", Writes: true) { Provider = person.Provider.Arn, Arn = person.Provider.Arn };
        if (!TrustPolicy.MayAssume(query, role, "sts:AssumeRoleWithWebIdentity", name, person.Conditions))
        {
            throw NotFor(arn);
        }

        var seconds = query.Number("DurationSeconds", Math.Min(Hour, role.Content.MaxSession), Least, role.Content.MaxSession);
        var content = new SessionContent { Secret = "", ExpiresAt = 0, Role = role.Id, Name = name, Policies = SessionPolicy(query), Provider = person.Provider.Id, Subject = person.Subject };
        return
        [
            await Credentials(query, seconds, content), .. Assumed(role, name),
            new("SubjectFromWebIdentityToken", person.Subject), new("Audience", person.Audience), new("Provider", person.Provider.Arn),
        ];
    }

    private async Task<XElement> Credentials(QueryCall query, int seconds, SessionContent draft)
    {
        var content = draft with { Secret = sessions.Secret(), ExpiresAt = query.Call.Now + (seconds * 1_000_000L) };
        var (access, token) = await sessions.Make(content);
        return new XElement(
            "Credentials",
            new XElement("AccessKeyId", access),
            new XElement("SecretAccessKey", content.Secret),
            new XElement("SessionToken", token),
            new XElement("Expiration", Instants.Iso(content.ExpiresAt)));
    }

    private static XElement[] Assumed(IamRow role, string name) =>
    [
        new("AssumedRoleUser", new XElement("AssumedRoleId", $"{role.Id}:{name}"), new XElement("Arn", $"arn:aws:sts::{role.ProjectId}:assumed-role/{role.Name}/{name}")),
        new("PackedPolicySize", 0),
    ];

    private static string SessionName(QueryCall query, string parameter) => query.Required(parameter, 64) is { Length: > 1 } name && GoodName().IsMatch(name)
        ? name
        : throw QueryFaults.Invalid($"{parameter} must be 2 to 64 of the characters a-z, A-Z, 0-9 and +=,.@_-");

    private static IReadOnlyList<string> SessionPolicy(QueryCall query) =>
        query.Optional("Policy", LongestPolicy) is { } text ? [IamBook.Policy(text, PolicyKind.Identity)] : [];

    private static void RefuseTemporary(QueryCall query, string action)
    {
        _ = query.Account();
        if (query.Call.Caller.Temporary)
        {
            throw new Door.S3Fault(403, "AccessDenied", $"Cannot call {action} with session credentials");
        }
    }

    // Root's sessions last an hour, whatever is asked.
    private static int Clamped(Caller caller, int seconds) => caller.Rights is null ? Math.Min(seconds, Hour) : seconds;

    /// <summary>Account and name of a role's ARN; an empty account is the caller's own.</summary>
    private static (string Account, string Name)? RoleOf(string arn, string own) =>
        arn.Split(':', 6) is ["arn", _, "iam", _, var account, ['r', 'o', 'l', 'e', '/', ..] what] ? (account.Length > 0 ? account : own, what[(what.LastIndexOf('/') + 1)..]) : null;

    private static Door.S3Fault NotFor(string arn) => new(403, "AccessDenied", $"Not authorized to perform sts:AssumeRoleWithWebIdentity on {arn}");

    [GeneratedRegex(@"\A[A-Za-z0-9+=,.@_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex GoodName();
}
