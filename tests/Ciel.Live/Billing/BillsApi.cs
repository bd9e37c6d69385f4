using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Live.FirstLight;

namespace Ciel.Live.Billing;

/// <summary>The door of bills as an operator calls it, also while the program is being killed.</summary>
internal sealed class BillsApi : IDisposable
{
    private readonly HttpClient _http;

    private BillsApi(HttpClient http) => _http = http;

    public static async Task<BillsApi> Login(LiveCloud cloud)
    {
        var variables = JsonDocument.Parse(await cloud.Ciel("env", "--json")).RootElement;
        var http = new HttpClient { BaseAddress = new Uri(variables.GetProperty("OS_AUTH_URL").GetString()!.Replace("/identity", "", StringComparison.Ordinal)), Timeout = TimeSpan.FromSeconds(20) };
        var domain = new { id = "default" };
        var user = new { name = "admin", password = variables.GetProperty("OS_PASSWORD").GetString(), domain };
        var auth = new { identity = new { methods = (string[])["password"], password = new { user } }, scope = new { project = new { name = "admin", domain } } };
        using var answer = await http.PostAsJsonAsync("/identity/v3/auth/tokens", new { auth });
        answer.EnsureSuccessStatusCode();
        http.DefaultRequestHeaders.Add("X-Auth-Token", answer.Headers.GetValues("X-Subject-Token").Single());
        return new(http);
    }

    /// <summary>Sends; null where no answer came or the program failed, so that nobody knows.</summary>
    public async Task<(int Status, string Text)?> Try(HttpMethod method, string path, object? body = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, "/billing/v1" + path) { Content = body is null ? null : JsonContent.Create(body) };
            using var answer = await _http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            return (int)answer.StatusCode >= 500 ? null : ((int)answer.StatusCode, text);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends, and succeeds.</summary>
    public async Task<JsonElement> Send(HttpMethod method, string path, object? body = null)
    {
        var (status, text) = (await Try(method, path, body)).ShouldNotBeNull($"{method} {path}");
        status.ShouldBeInRange(200, 299, $"{method} {path}: {text}");
        return text.Length > 0 && text[0] == '{' ? JsonDocument.Parse(text).RootElement.Clone() : default;
    }

    /// <summary>Asks any door, and succeeds.</summary>
    public async Task<JsonElement> Ask(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {text}");
        return text.Length > 0 && text[0] == '{' ? JsonDocument.Parse(text).RootElement.Clone() : default;
    }

    public async Task<IReadOnlyList<JsonElement>> List(string path, string name) => [.. (await Send(HttpMethod.Get, path)).GetProperty(name).EnumerateArray()];

    public void Dispose() => _http.Dispose();
}
