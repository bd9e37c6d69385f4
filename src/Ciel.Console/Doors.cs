using System.Net.Http.Headers;
using System.Text.Json;

namespace Ciel.WebConsole;

/// <summary>The cloud's doors as the console asks them: OpenStack's APIs, with the user's own token.</summary>
/// <param name="cloud">The way to the cloud door.</param>
internal sealed class Doors(Func<HttpMessageInvoker> cloud)
{
    /// <summary>Signs in, and answers a token for a project: the named one, or else the user's first.</summary>
    /// <exception cref="DoorException">Wrong name, password or project.</exception>
    public async Task<string> SignIn(string user, string password, string domain, string project, CancellationToken cancel)
    {
        var identity = new { methods = (string[])["password"], password = new { user = new { name = user, password, domain = new { name = domain } } } };
        if (project.Length > 0)
        {
            return await Token(new { auth = new { identity, scope = new { project = new { name = project, domain = new { name = domain } } } } }, cancel);
        }

        var unscoped = await Token(new { auth = new { identity, scope = "unscoped" } }, cancel);
        var projects = (await Get("/identity/v3/auth/projects", unscoped, cancel)).GetProperty("projects");
        if (projects.GetArrayLength() == 0)
        {
            throw new DoorException(403, "You have no project yet. Ask an administrator for a role in one.");
        }

        var methods = new { methods = (string[])["token"], token = new { id = unscoped } };
        return await Token(new { auth = new { identity = methods, scope = new { project = new { id = projects[0].GetProperty("id").GetString() } } } }, cancel);
    }

    /// <summary>Revokes the token. One that is no longer good is as good as revoked.</summary>
    public async Task SignOut(string token, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/identity/v3/auth/tokens");
        request.Headers.Add("X-Auth-Token", token);
        request.Headers.Add("X-Subject-Token", token);
        using var answer = await Send(request, cancel);
    }

    /// <summary>What the token's project has.</summary>
    /// <exception cref="DoorException">401 where the token is no longer good.</exception>
    public async Task<Project> Project(string token, CancellationToken cancel)
    {
        var who = (await Get("/identity/v3/auth/tokens?nocatalog", token, cancel, subject: true)).GetProperty("token");
        if (!who.TryGetProperty("project", out var project))
        {
            throw new DoorException(401, "The token is for no project.");
        }

        return new Project(
            View.Name(project),
            View.Name(who.GetProperty("user")),
            View.Machines(await Get("/compute/v2.1/servers/detail", token, cancel)),
            View.Networks(await Get("/network/v2.0/networks", token, cancel), await Get("/network/v2.0/subnets", token, cancel)),
            View.Images(await Get("/image/v2/images", token, cancel)),
            View.Allowances(await Get("/compute/v2.1/limits", token, cancel)));
    }

    private async Task<string> Token(object body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/identity/v3/auth/tokens")
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        using var answer = await Send(request, cancel);
        await Succeeded(answer, cancel);
        return answer.Headers.GetValues("X-Subject-Token").Single();
    }

    private async Task<JsonElement> Get(string path, string token, CancellationToken cancel, bool subject = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("X-Auth-Token", token);
        request.Headers.Add("OpenStack-API-Version", "compute 2.93");
        if (subject)
        {
            request.Headers.TryAddWithoutValidation("X-Subject-Token", token);
        }

        using var answer = await Send(request, cancel);
        return await Succeeded(answer, cancel);
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await cloud().SendAsync(request, cancel);
        }
        catch (HttpRequestException)
        {
            throw new DoorException(503, "The cloud does not answer. Try again in a moment.");
        }
    }

    private static async Task<JsonElement> Succeeded(HttpResponseMessage answer, CancellationToken cancel)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new DoorException((int)answer.StatusCode, View.Sentence(bytes));
        }

        return JsonDocument.Parse(bytes).RootElement.Clone();
    }
}
