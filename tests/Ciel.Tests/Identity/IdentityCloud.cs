using System.Net;
using System.Text.Json;

namespace Ciel.Tests.Identity;

/// <summary>A cloud with shorthands for identity's routes.</summary>
internal sealed class IdentityCloud(TestCloud cloud, string admin) : IAsyncDisposable
{
    public const string Password = "a long enough secret";

    public TestCloud Cloud => cloud;

    public string Admin => admin;

    public static async Task<IdentityCloud> Start(string kind = "sqlite")
    {
        var cloud = await TestCloud.Start(kind);
        return new IdentityCloud(cloud, await cloud.AdminToken());
    }

    public Task<JsonElement> Get(string path, string? token = null) => cloud.Send(HttpMethod.Get, "/identity/v3/" + path, token ?? admin);

    public Task<JsonElement> Post(string path, object body, string? token = null) => cloud.Send(HttpMethod.Post, "/identity/v3/" + path, token ?? admin, body);

    public Task<JsonElement> Patch(string path, object body) => cloud.Send(HttpMethod.Patch, "/identity/v3/" + path, admin, body);

    public Task Put(string path, object? body = null) => cloud.Send(HttpMethod.Put, "/identity/v3/" + path, admin, body);

    public Task Delete(string path) => cloud.Send(HttpMethod.Delete, "/identity/v3/" + path, admin);

    /// <summary>The status, whatever it is.</summary>
    public async Task<int> Status(HttpMethod method, string path, string? token, object? body = null)
    {
        using var answer = await cloud.Raw(method, "/identity/v3/" + path, token, body);
        return (int)answer.StatusCode;
    }

    /// <summary>Makes a thing and answers its id.</summary>
    public async Task<string> Make(string kind, object fields) =>
        (await Post(kind + "s", new Dictionary<string, object> { [kind] = fields })).GetProperty(kind).GetProperty("id").GetString()!;

    public Task<string> User(string name, string domain = "default") => Make("user", new { name, password = Password, domain_id = domain });

    public async Task<string> Role(string name) => (await Get("roles?name=" + name)).GetProperty("roles")[0].GetProperty("id").GetString()!;

    /// <summary>The status and the sealed token of a login.</summary>
    public async Task<(int Status, string? Token, JsonElement Body)> Login(object identity, object? scope = null)
    {
        using var answer = await cloud.Raw(HttpMethod.Post, "/identity/v3/auth/tokens", null, new { auth = scope is null ? new { identity } : (object)new { identity, scope } });
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone();
        return ((int)answer.StatusCode, answer.Headers.TryGetValues("X-Subject-Token", out var values) ? values.Single() : null, body);
    }

    public Task<(int Status, string? Token, JsonElement Body)> LoginAs(string userId, object? scope = null, string password = Password) => Login(ByPassword(userId, password), scope);

    public static object ByPassword(string userId, string password = Password) => new { methods = (string[])["password"], password = new { user = new { id = userId, password } } };

    public static object ByToken(string token) => new { methods = (string[])["token"], token = new { id = token } };

    public static object Project(string id) => new { project = new { id } };

    public static object Domain(string id) => new { domain = new { id } };

    /// <summary>Whether the token still opens doors.</summary>
    public async Task<bool> Good(string token)
    {
        using var answer = await cloud.Raw(HttpMethod.Get, "/identity/v3/auth/projects", token);
        return answer.StatusCode == HttpStatusCode.OK ? true : answer.StatusCode == HttpStatusCode.Unauthorized ? false : throw new InvalidOperationException(answer.ToString());
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();
}
