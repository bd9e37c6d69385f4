using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Ciel.Tests.Commands;

/// <summary>The admin as a client of a host whose port the system chose.</summary>
internal sealed class OperatorClient : IDisposable
{
    private readonly HttpClient _http;

    public OperatorClient(Uri url, string token)
    {
        (_http, Token) = (new HttpClient { BaseAddress = url }, token);
        _http.DefaultRequestHeaders.Add("X-Auth-Token", token);
    }

    public string Token { get; }

    public static async Task<OperatorClient> Login(Uri url, string password)
    {
        using var http = new HttpClient { BaseAddress = url };
        var domain = new { id = "default" };
        var identity = new { methods = (string[])["password"], password = new { user = new { name = "admin", password, domain } } };
        using var answer = await http.PostAsJsonAsync("/identity/v3/auth/tokens", new { auth = new { identity, scope = new { project = new { name = "admin", domain } } } });
        answer.EnsureSuccessStatusCode();
        return new OperatorClient(url, answer.Headers.GetValues("X-Subject-Token").Single());
    }

    public async Task<string> UserId()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/identity/v3/auth/tokens") { Headers = { { "X-Subject-Token", Token } } };
        using var answer = await _http.SendAsync(request);
        return (await Json(answer)).GetProperty("token").GetProperty("user").GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> Get(string path)
    {
        using var answer = await _http.GetAsync(path);
        return await Json(answer);
    }

    public async Task<JsonElement> Post(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        return await Json(answer);
    }

    public async Task Put(string path, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var answer = await _http.PutAsync(path, content);
        answer.EnsureSuccessStatusCode();
    }

    public Task<byte[]> Bytes(string path) => _http.GetByteArrayAsync(path);

    public async Task Delete(string path)
    {
        using var answer = await _http.DeleteAsync(path);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
