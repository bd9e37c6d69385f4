using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Ciel.Bench.Objects;

/// <summary>A server that is measured, as a process of its own with its workers: its CPU time and memory.</summary>
internal sealed class Server(Process process) : IAsyncDisposable
{
    private const double MillisecondsPerTick = 10;

    /// <summary>CPU milliseconds that it and its children have used.</summary>
    public double Cpu => All.Sum(pid =>
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MillisecondsPerTick;
    });

    /// <summary>Resident megabytes now.</summary>
    public double Resident => Status("VmRSS:");

    /// <summary>The most resident megabytes since <see cref="ForgetPeak"/>.</summary>
    public double Peak => Status("VmHWM:");

    private IEnumerable<int> All => [process.Id, .. File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    /// <summary>Starts `ciel serve` in a directory, and makes the admin's access key.</summary>
    public static async Task<(Server Server, S3Account Account)> Ciel(string directory, params string[] more)
    {
        var port = FreePort();
        var server = new Server(Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "ciel"),
            ["serve", "--simulate", "1", "--name", "bench", "--data", directory + "/data", "--config", directory + "/etc", "--port-base", $"{port}", .. more])
        { RedirectStandardOutput = true })!);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        for (var left = 500; !await Answers(client) && left > 0; left--) await Task.Delay(50);
        return (server, await Account(client, (await File.ReadAllTextAsync(directory + "/etc/admin-password")).Trim(), port + 1));
    }

    /// <summary>Starts nginx, which serves a directory; null where it is not installed.</summary>
    public static async Task<(Server Server, S3Account Account)?> Nginx(string directory)
    {
        if (!File.Exists("/usr/sbin/nginx")) return null;
        var port = FreePort();
        await File.WriteAllTextAsync(directory + "/nginx.conf", $$"""
            daemon off; worker_processes auto; pid {{directory}}/nginx.pid; error_log stderr crit;
            events { worker_connections 512; }
            http {
                access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000;
                client_body_temp_path {{directory}}/b; proxy_temp_path {{directory}}/p; fastcgi_temp_path {{directory}}/f; uwsgi_temp_path {{directory}}/u; scgi_temp_path {{directory}}/s;
                server { listen 127.0.0.1:{{port}}; root {{directory}}; }
            }
            """);
        var server = new Server(Process.Start("/usr/sbin/nginx", ["-p", directory, "-c", directory + "/nginx.conf", "-e", "stderr", "-g", "user root;"]));
        await Task.Delay(500);
        return (server, new S3Account(new IPEndPoint(IPAddress.Loopback, port), "", ""));
    }

    /// <summary>Lets <see cref="Peak"/> begin anew.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{process.Id}/clear_refs", "5");

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<S3Account> Account(HttpClient client, string password, int port)
    {
        var domain = new { id = "default" };
        var identity = new { methods = (string[])["password"], password = new { user = new { name = "admin", domain, password } } };
        using var login = await client.PostAsJsonAsync("/identity/v3/auth/tokens", new { auth = new { identity, scope = new { project = new { name = "admin", domain } } } });
        client.DefaultRequestHeaders.Add("X-Auth-Token", login.Headers.GetValues("X-Subject-Token").Single());
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token");
        var (user, project) = (token.GetProperty("user").GetProperty("id").GetString(), token.GetProperty("project").GetProperty("id").GetString());
        using var made = await client.PostAsJsonAsync($"/identity/v3/users/{user}/credentials/OS-EC2", new { tenant_id = project });
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("credential");
        return new S3Account(new IPEndPoint(IPAddress.Loopback, port), key.GetProperty("access").GetString()!, key.GetProperty("secret").GetString()!);
    }

    private static async Task<bool> Answers(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/healthz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private double Status(string name) => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024.0;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
