using System.Text;

namespace Ciel.Tests.ObjectStorage;

/// <summary>A project's Swift client.</summary>
internal sealed class SwiftClient(HttpClient http, Uri door, string project, string? token)
{
    public string Path => "/os/v1/AUTH_" + project;

    public string Project => project;

    /// <summary>The same account as seen by somebody else.</summary>
    public SwiftClient As(string? other) => new(http, door, project, other);

    public static async Task<SwiftClient> Of(S3Cloud cloud, string name, string role = "member")
    {
        var (project, token) = await cloud.Cloud.Tenant(name, role);
        return new SwiftClient(cloud.Http, cloud.Door, project, token);
    }

    public Task<S3Answer> Get(string path, params (string, string)[] headers) => Send("GET", path, null, headers);

    public Task<S3Answer> Put(string path, string body = "", params (string, string)[] headers) => Send("PUT", path, Encoding.UTF8.GetBytes(body), headers);

    public Task<S3Answer> Post(string path, params (string, string)[] headers) => Send("POST", path, [], headers);

    public Task<S3Answer> Delete(string path, params (string, string)[] headers) => Send("DELETE", path, null, headers);

    public async Task<S3Answer> Send(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(door.GetLeftPart(UriPartial.Authority) + Path + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Content = body is null ? null : new ByteArrayContent(body);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Auth-Token", token);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await http.SendAsync(request);
        return new S3Answer(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }
}
