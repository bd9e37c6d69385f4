using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Hosting;

namespace Ciel.Commands;

#pragma warning disable RS0030 // This is the operator's own client on the operator's own door; Egress is for addresses that tenants choose.

/// <summary>The command line as a client of the doors, with the admin's password from the instance's secrets: no back door.</summary>
internal sealed class CloudClient : IDisposable
{
    private readonly HttpClient _http;

    private CloudClient(CielOptions options) =>
        _http = new HttpClient(OwnClient.Handler(options)) { BaseAddress = new Uri(Instance.Url(options)), Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>Whether the doors are open.</summary>
    public static async Task<bool> Healthy(CielOptions options, CancellationToken cancel)
    {
        using var client = new CloudClient(options);
        try
        {
            using var answer = await client._http.GetAsync(new Uri("/healthz", UriKind.Relative), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Logs in as the admin.</summary>
    public static async Task<CloudClient> Login(CielOptions options, CancellationToken cancel)
    {
        var password = await Instance.Password(options, cancel);
        var client = new CloudClient(options);
        try
        {
            await client.Authenticate(password, cancel);
            return client;
        }
        catch (HttpRequestException e)
        {
            client.Dispose();
            throw new UserErrorException($"Ciel does not answer at {Instance.Url(options)}: {e.Message}. `ciel status` says whether it runs; `ciel up` starts it.");
        }
    }

    /// <summary>Sends and reads JSON.</summary>
    /// <exception cref="UserErrorException">The API's own sentence, for an answer that is no success.</exception>
    public async Task<JsonElement> Send(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        var text = await Text(method, path, body, cancel);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>Sends and reads text.</summary>
    /// <exception cref="UserErrorException">The API's own sentence, for an answer that is no success.</exception>
    public async Task<string> Text(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body));
        request.Headers.Add("OpenStack-API-Version", "compute 2.93");
        using var answer = await _http.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new UserErrorException($"{method} {path} answered {(int)answer.StatusCode}: {Sentence(text)}");
        }

        return text;
    }

    /// <summary>Writes an answer's bytes to a stream as they come.</summary>
    /// <exception cref="UserErrorException">The API's own sentence, for an answer that is no success.</exception>
    public async Task Download(string path, Stream to, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new UserErrorException($"GET {path} answered {(int)answer.StatusCode}: {Sentence(await answer.Content.ReadAsStringAsync(cancel))}");
        }

        await answer.Content.CopyToAsync(to, cancel);
    }

    /// <summary>Reads JSON.</summary>
    public Task<JsonElement> Get(string path, CancellationToken cancel) => Send(HttpMethod.Get, path, null, cancel);

    /// <summary>Reads all things of a long list, page by page.</summary>
    /// <param name="path">The list, with a query or without.</param>
    /// <param name="name">What the answer calls it.</param>
    /// <param name="marker">The field by which the next page is asked for.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<JsonElement>> Pages(string path, string name, string marker, CancellationToken cancel)
    {
        const int Page = 500;
        var first = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={Page}";
        var all = (await Get(first, cancel)).GetProperty(name).EnumerateArray().ToList();
        for (var page = all.Count; page == Page;)
        {
            var next = (await Get($"{first}&marker={Uri.EscapeDataString(all[^1].GetProperty(marker).GetString()!)}", cancel)).GetProperty(name).EnumerateArray().ToList();
            all.AddRange(next);
            page = next.Count;
        }

        return all;
    }

    /// <summary>Sends JSON and reads the answer.</summary>
    public Task<JsonElement> Post(string path, object body, CancellationToken cancel) => Send(HttpMethod.Post, path, body, cancel);

    public void Dispose() => _http.Dispose();

    private async Task Authenticate(string password, CancellationToken cancel)
    {
        var domain = new { id = "default" };
        var auth = new
        {
            identity = new { methods = (string[])["password"], password = new { user = new { name = "admin", password, domain } } },
            scope = new { project = new { name = "admin", domain } },
        };
        using var answer = await _http.PostAsJsonAsync("/identity/v3/auth/tokens", new { auth }, cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new UserErrorException("The admin's password in the instance's secrets is no longer right. Set it again with `ciel user passwd admin`.");
        }

        _http.DefaultRequestHeaders.Add("X-Auth-Token", answer.Headers.GetValues("X-Subject-Token").Single());
    }

    private static string Sentence(string text)
    {
        try
        {
            var root = JsonDocument.Parse(text).RootElement;
            foreach (var property in root.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("message", out var message))
                {
                    return message.GetString()!;
                }
            }

            return root.TryGetProperty("message", out var plain) ? plain.GetString()! : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
