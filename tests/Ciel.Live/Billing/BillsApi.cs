using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Live.FirstLight;

namespace Ciel.Live.Billing;

/// <summary>The door of bills as an operator calls it, also while the program is being killed.</summary>
internal sealed class BillsApi : IDisposable
{
    // A token lives an hour, and an observed hour is longer.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(30);
    private readonly HttpClient _http;
    private readonly object _auth;
    private string _token = "";
    private DateTimeOffset _since;

    private BillsApi(HttpClient http, object auth)
    {
        _http = http;
        _auth = auth;
    }

    public static async Task<BillsApi> Login(LiveCloud cloud)
    {
        var variables = JsonDocument.Parse(await cloud.Ciel("env", "--json")).RootElement;
        var http = new HttpClient { BaseAddress = new Uri(variables.GetProperty("OS_AUTH_URL").GetString()!.Replace("/identity", "", StringComparison.Ordinal)), Timeout = TimeSpan.FromSeconds(20) };
        var domain = new { id = "default" };
        var user = new { name = "admin", password = variables.GetProperty("OS_PASSWORD").GetString(), domain };
        var api = new BillsApi(http, new { identity = new { methods = (string[])["password"], password = new { user } }, scope = new { project = new { name = "admin", domain } } });
        await api.Token();
        return api;
    }

    /// <summary>Sends; null where no answer came or the program failed, so that nobody knows.</summary>
    public async Task<(int Status, string Text)?> Try(HttpMethod method, string path, object? body = null)
    {
        try
        {
            using var answer = await Answer(method, "/billing/v1" + path, body);
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
        using var answer = await Answer(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {text}");
        return text.Length > 0 && text[0] == '{' ? JsonDocument.Parse(text).RootElement.Clone() : default;
    }

    public async Task<IReadOnlyList<JsonElement>> List(string path, string name) => [.. (await Send(HttpMethod.Get, path)).GetProperty(name).EnumerateArray()];

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> Answer(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        request.Headers.Add("X-Auth-Token", await Token());
        return await _http.SendAsync(request);
    }

    private async Task<string> Token()
    {
        if (DateTimeOffset.UtcNow - _since > Fresh)
        {
            using var answer = await _http.PostAsJsonAsync("/identity/v3/auth/tokens", new { auth = _auth });
            answer.EnsureSuccessStatusCode();
            (_token, _since) = (answer.Headers.GetValues("X-Subject-Token").Single(), DateTimeOffset.UtcNow);
        }

        return _token;
    }
}
