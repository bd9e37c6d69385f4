using System.Net.Http.Json;
using System.Text.Json;

namespace Ciel.Live.FirstLight;

/// <summary>A small client for what no shell script can do: act while the program is being killed.</summary>
internal sealed class CloudApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly HttpClient _http;
    private string _flavor = "";
    private string _image = "";
    private string _network = "";

    private CloudApi(string url) => _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(10) };

    public sealed record Server(string Id, string Status, string? Task, string? Fault);

    public static async Task<CloudApi> Login(LiveCloud cloud)
    {
        var variables = JsonDocument.Parse(await cloud.Ciel("env", "--json")).RootElement;
        var api = new CloudApi(variables.GetProperty("OS_AUTH_URL").GetString()!.Replace("/identity", "", StringComparison.Ordinal));
        var domain = new { id = "default" };
        var user = new { name = "admin", password = variables.GetProperty("OS_PASSWORD").GetString(), domain };
        var auth = new { identity = new { methods = (string[])["password"], password = new { user } }, scope = new { project = new { name = "admin", domain } } };
        using var answer = await api._http.PostAsJsonAsync("/identity/v3/auth/tokens", new { auth });
        answer.EnsureSuccessStatusCode();
        api._http.DefaultRequestHeaders.Add("X-Auth-Token", answer.Headers.GetValues("X-Subject-Token").Single());
        return api;
    }

    public async Task MakeNetwork()
    {
        _flavor = (await Get("/compute/v2.1/flavors?sort_key=memory_mb")).GetProperty("flavors")[0].GetProperty("id").GetString()!;
        _image = (await Get("/image/v2/images")).GetProperty("images")[0].GetProperty("id").GetString()!;
        _network = (await Post("/network/v2.0/networks", new { network = new { name = "net" } })).GetProperty("network").GetProperty("id").GetString()!;
        await Post("/network/v2.0/subnets", new { subnet = new { network_id = _network, ip_version = 4, cidr = "10.0.0.0/24" } });
    }

    public async Task<string> Create(string name)
    {
        var server = new { name, flavorRef = _flavor, imageRef = _image, networks = new[] { new { uuid = _network } } };
        return (await Post("/compute/v2.1/servers", new { server })).GetProperty("server").GetProperty("id").GetString()!;
    }

    public async Task Delete(string id)
    {
        using var answer = await _http.DeleteAsync("/compute/v2.1/servers/" + id);
        ((int)answer.StatusCode).ShouldBeOneOf(204, 404);
    }

    public async Task DeleteNetwork()
    {
        using var answer = await _http.DeleteAsync("/network/v2.0/networks/" + _network);
        ((int)answer.StatusCode).ShouldBe(204, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Makes a server, or deletes one that is not lasting; a program that dies meanwhile answers nothing.</summary>
    public async Task TryCreateOrDelete(int choice)
    {
        try
        {
            var passing = (await ServersNamed("passing")).ToArray();
            if (choice > 0 && passing.Length > 2)
            {
                await Delete(passing[0]);
            }
            else
            {
                await Create("passing");
            }
        }
        catch (HttpRequestException)
        {
            // It was killed during the request: what became of that is what the test looks at in the end.
        }
    }

    public async Task<IReadOnlyList<Server>> Servers() =>
        [.. (await Get("/compute/v2.1/servers/detail?all_tenants=1")).GetProperty("servers").EnumerateArray().Select(s => new Server(
            s.GetProperty("id").GetString()!,
            s.GetProperty("status").GetString()!,
            s.GetProperty("OS-EXT-STS:task_state").GetString(),
            s.TryGetProperty("fault", out var fault) ? fault.GetProperty("message").GetString() : null))];

    public async Task Until(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            patience.IsCancellationRequested.ShouldBeFalse($"gave up waiting until {what}: {string.Join(", ", await Servers())}");
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<IEnumerable<string>> ServersNamed(string name) =>
        (await Get("/compute/v2.1/servers?name=" + name)).GetProperty("servers").EnumerateArray().Select(s => s.GetProperty("id").GetString()!);

    private async Task<JsonElement> Get(string path) => await _http.GetFromJsonAsync<JsonElement>(path);

    private async Task<JsonElement> Post(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
