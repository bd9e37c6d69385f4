using System.Text.Json;

namespace Ciel.Services.Identity.Users;

/// <summary>The JSON of users.</summary>
internal static class UserWire
{
    public static readonly View<UserRow> User = new("user", "users", "users", u => u.Id, Fields);

    private static void Fields(Utf8JsonWriter json, UserRow user)
    {
        json.WriteString("id", user.Id);
        json.WriteString("name", user.Name);
        json.WriteString("domain_id", user.DomainId);
        json.WriteBoolean("enabled", user.Enabled);
        if (user.DefaultProjectId is { } project)
        {
            json.WriteString("default_project_id", project);
        }

        json.WriteNull("password_expires_at");
        Extra.WriteRaw(json, "options", user.Options);
        Extra.Write(json, user.Extra);
    }
}
