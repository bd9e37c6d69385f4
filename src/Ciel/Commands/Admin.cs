using System.Text.Json;

namespace Ciel.Commands;

/// <summary>Finds and joins users and projects by name, as an operator thinks of them.</summary>
internal static class Admin
{
    /// <summary>The id of a user of the domain Default.</summary>
    public static async Task<string> UserByName(CloudClient cloud, string name, CancellationToken cancel) =>
        First(await cloud.Get("/identity/v3/users?domain_id=default&name=" + Uri.EscapeDataString(name), cancel), "users")
        ?? throw new UserErrorException($"There is no user '{name}'. `ciel user list` shows all.");

    /// <summary>The id of a project of the domain Default, made when it does not exist.</summary>
    public static async Task<string> ProjectByName(CloudClient cloud, string name, CancellationToken cancel)
    {
        var found = First(await cloud.Get("/identity/v3/projects?domain_id=default&name=" + Uri.EscapeDataString(name), cancel), "projects");
        return found ?? (await cloud.Post("/identity/v3/projects", new { project = new { name } }, cancel)).GetProperty("project").GetProperty("id").GetString()!;
    }

    /// <summary>Gives the user the role member on the project.</summary>
    public static async Task MakeMember(CloudClient cloud, string userId, string projectId, CancellationToken cancel)
    {
        var role = First(await cloud.Get("/identity/v3/roles?name=member", cancel), "roles");
        await cloud.Send(HttpMethod.Put, $"/identity/v3/projects/{projectId}/users/{userId}/roles/{role}", null, cancel);
    }

    private static string? First(JsonElement answer, string list) =>
        answer.GetProperty(list).EnumerateArray().Select(e => e.GetProperty("id").GetString()).FirstOrDefault();
}
