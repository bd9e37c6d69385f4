using Ciel.Core;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Services.Identity.Roles;
using Ciel.Services.Identity.Tokens;

namespace Ciel.Services.Identity.Delegation;

/// <summary>Reads application credentials from requests.</summary>
internal static class AppCredentialInput
{
    private static readonly string[] Methods = ["POST", "GET", "HEAD", "PATCH", "PUT", "DELETE"];

    /// <summary>The credential without its secret's hash. Its roles are among those of the token, all of them where none are named.</summary>
    public static AppCredential Read(Input input, Proven bearer, Ids ids, long now)
    {
        var actor = bearer.Standing.Actor;
        var row = new AppCredentialRow
        {
            Id = ids.Hex(),
            UserId = actor.UserId,
            ProjectId = actor.ProjectId ?? throw Fault.BadRequest("An application credential is made with a token that is scoped to its project."),
            Name = input.Name(),
            Description = input.Description(),
            SecretHash = "",
            ExpiresAt = Expiry(input, now),
            Unrestricted = input.OptionalBoolean("unrestricted") ?? false,
        };
        if (input.OptionalId("project_id") is { } project && project != row.ProjectId)
        {
            throw Fault.BadRequest("project_id must be the project of the token.");
        }

        return new AppCredential(row, Roles(input, bearer.Standing.Roles), Rules(input, ids));
    }

    /// <summary>A future instant; null where it is missing.</summary>
    public static long? Expiry(Input input, long now) => input.OptionalString("expires_at", 1, 64) is not { } text ? null
        : Instant.Parse(text) is var at && at > now ? at
        : throw Fault.BadRequest("expires_at lies in the past. Give a time to come.");

    /// <summary>The named roles of those that are held; all that are held where none are named.</summary>
    public static IReadOnlyList<RoleRow> Roles(Input input, IReadOnlyList<NamedId> held)
    {
        if (input.OptionalObjects("roles") is not { Count: > 0 } named)
        {
            return [.. held.Select(r => new RoleRow { Id = r.Id, Name = r.Name })];
        }

        return [.. named.Select(n =>
        {
            var (id, name) = (n.OptionalString("id", 1), n.OptionalString("name", 1));
            var role = held.FirstOrDefault(r => id is not null ? r.Id == id : r.Name == name) ?? throw Fault.BadRequest($"The role {id ?? name} is not among the roles that you have here.");
            return new RoleRow { Id = role.Id, Name = role.Name };
        }).DistinctBy(r => r.Id)];
    }

    private static IReadOnlyList<AccessRule> Rules(Input input, Ids ids) => [.. (input.OptionalObjects("access_rules") ?? []).Select(r =>
    {
        var rule = new AccessRule(
            ids.Hex(),
            r.String("service"),
            r.OptionalChoice("method", Methods) ?? throw r.Refuse("method", "", "'method' is a required property"),
            r.String("path", 1, 128));
        return rule.Path[0] == '/' ? rule : throw r.Refuse("path", rule.Path, "it must begin with /");
    })];
}
