using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Identity.Users;

/// <summary>Reads users from requests. Passwords are handed on beside the row, to be hashed.</summary>
internal static class UserInput
{
    /// <summary>Longer ones would only cost time to hash.</summary>
    private const int LongestPassword = 4096;

    public static (UserRow Row, string? Password) Create(Input input, string id, Actor actor)
    {
        var row = new UserRow
        {
            Id = id,
            Name = input.Name(),
            DomainId = input.OptionalId("domain_id") ?? actor.DomainId ?? actor.ProjectDomainId ?? Bootstrap.DefaultDomain,
            Enabled = input.OptionalBoolean("enabled") ?? true,
            DefaultProjectId = input.OptionalId("default_project_id"),
            Options = Extra.Options(input),
        };
        var password = Password(input);
        Described(input);
        return (row with { Extra = Extra.Of(input) }, password);
    }

    /// <summary>The row as a request changes it. A new password and disabling void the tokens that are out.</summary>
    public static (UserRow Row, string? Password) Change(Input input, UserRow before, long now)
    {
        input.Unchanged("domain_id", before.DomainId);
        var enabled = input.OptionalBoolean("enabled") ?? before.Enabled;
        var password = Password(input);
        var row = before with
        {
            Name = input.OptionalName() ?? before.Name,
            Enabled = enabled,
            DefaultProjectId = input.Has("default_project_id") ? input.OptionalId("default_project_id") : before.DefaultProjectId,
            Options = Extra.Options(input, before.Options),
            TokensFrom = (before.Enabled && !enabled) || password is not null ? now : before.TokensFrom,
        };
        Described(input);
        return (row with { Extra = Extra.Of(input, before.Extra) }, password);
    }

    /// <summary>The old and the new password of a user who changes it.</summary>
    public static (string Original, string New) OwnPassword(Input input) =>
        (input.String("original_password", 1, LongestPassword), input.String("password", 1, LongestPassword));

    private static string? Password(Input input) => input.OptionalString("password", 1, LongestPassword);

    // Kept with the other extras, but Keystone's schema knows that it is text.
    private static void Described(Input input)
    {
        if (input.Json.TryGetProperty("description", out var value) && value.ValueKind is not (System.Text.Json.JsonValueKind.String or System.Text.Json.JsonValueKind.Null))
        {
            throw Fault.BadRequest("Invalid input for field 'description': it is not of type 'string'");
        }
    }
}
