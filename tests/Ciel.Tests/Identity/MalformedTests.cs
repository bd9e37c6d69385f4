using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Identity;

/// <summary>Bad input on every route of identity: its own error each time, never a 500.</summary>
public class MalformedTests
{
    private static readonly string[] Kinds =
    [
        "auth", "user", "project", "domain", "group", "role", "region", "service", "endpoint", "credential", "application_credential", "trust", "policy", "consumer", "config",
        "endpoint_group", "tags", "tenant_id",
    ];

    private static readonly string[] Fields =
    [
        "name", "type", "url", "interface", "service_id", "blob", "password", "original_password", "enabled", "description", "domain_id", "parent_id", "tags", "options", "roles",
        "identity", "scope", "impersonation", "expires_at", "filters", "trustor_user_id", "access_rules", "default_project_id", "region", "id", "secret", "is_domain",
    ];

    private static IEnumerable<string> Bodies()
    {
        yield return "";
        yield return "{";
        yield return "[]";
        yield return "null";
        yield return "\"text\"";
        yield return new string('[', 40) + new string(']', 40);
        foreach (var value in new[] { "null", "5", "\"x\"", "[]", "{}", "[1]", "true", "\"\\u0000\"", "\"\\ud800\"", "1e400" })
        {
            yield return "{" + string.Join(",", Kinds.Select(k => $"\"{k}\":{value}")) + "}";
            var fields = "{" + string.Join(",", Fields.Select(f => $"\"{f}\":{value}")) + "}";
            yield return "{" + string.Join(",", Kinds.Select(k => $"\"{k}\":{fields}")) + "}";
        }
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task NeverA500(string kind)
    {
        await using var cloud = await IdentityCloud.Start(kind);
        var bodies = Bodies().Select(Encoding.UTF8.GetBytes).Append([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).Append(new byte[200_000]).ToArray();
        var admin = (await cloud.Get("users?name=admin")).GetProperty("users")[0].GetProperty("id").GetString()!;
        foreach (var (method, path) in Routes(cloud).Where(r => r.Method is "POST" or "PUT" or "PATCH"))
        {
            foreach (var body in bodies)
            {
                await Check(cloud, method, path, admin, body);
            }
        }
    }

    [Fact]
    public async Task StrangePathsAndQueriesAreAnsweredToo()
    {
        await using var cloud = await IdentityCloud.Start();
        foreach (var (method, path) in Routes(cloud).Where(r => r.Method is "GET" or "DELETE"))
        {
            foreach (var id in new[] { "missing", "..%2f..", "%25", "'%20OR%201=1", "%F0%9F%98%80", new string('a', 3000) })
            {
                foreach (var query in new[] { "", "?limit=0", "?limit=x&marker=y", "?name__contains=%25&name=%27", "?name=%00", "?marker=missing", "?tags=,&not-tags-any=a", "?enabled=maybe" })
                {
                    await Check(cloud, method, path + query, id, null);
                }
            }
        }
    }

    [Fact]
    public async Task HugeBodiesAreRefused()
    {
        await using var cloud = await IdentityCloud.Start();
        (await cloud.Status(HttpMethod.Post, "projects", cloud.Admin, new { project = new { name = "p", description = new string('x', 200_000) } })).ShouldBe(413);
    }

    [Fact]
    public async Task EveryRouteButAFewNeedsAToken()
    {
        await using var cloud = await IdentityCloud.Start();
        var open = new List<string>();
        foreach (var (method, path) in Routes(cloud))
        {
            using var answer = await cloud.Cloud.Raw(new HttpMethod(method), path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), null);
            if ((int)answer.StatusCode != 401)
            {
                open.Add($"{method} {path}");
            }
        }

        open.ShouldBe(["GET /identity/", "GET /identity/v3", "POST /identity/v3/auth/tokens", "POST /identity/v3/users/{id}/password"], ignoreOrder: true);
    }

    private static List<(string Method, string Path)> Routes(IdentityCloud cloud) =>
    [
        .. cloud.Cloud.Host.Parts.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/identity", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [], (e, m) => (m, e.RoutePattern.RawText!)),
    ];

    private static async Task Check(IdentityCloud cloud, string method, string path, string id, byte[]? body)
    {
        var filled = System.Text.RegularExpressions.Regex.Replace(path, @"\{\w+\}", _ => id);
        using var request = new HttpRequestMessage(new HttpMethod(method), filled);
        request.Headers.Add("X-Auth-Token", cloud.Admin);
        request.Headers.Add("X-Subject-Token", "nonsense");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        using var answer = await cloud.Cloud.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {filled} {(body is null ? "" : Encoding.UTF8.GetString(body)[..Math.Min(body.Length, 300)])}: {text}");
        if ((int)answer.StatusCode >= 400 && text.Length > 0 && answer.Content.Headers.ContentType?.MediaType == "application/json")
        {
            JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("code").GetInt32().ShouldBe((int)answer.StatusCode);
        }
    }
}
