using System.Net.Http.Json;
using System.Text.Json;
using Ciel.Agent.Simulated;
using Ciel.Core.Host;
using Ciel.Hosting;
using Ciel.Services.Images;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Bench;

/// <summary>From `server create` to ACTIVE on a simulated node that boots at once: what Ciel itself costs, beside the bare store's commits.</summary>
internal sealed class CreateBenchmark : Benchmark
{
    public override string Name => "create";

    public override async IAsyncEnumerable<Figure> Run()
    {
        var directory = Directory.CreateTempSubdirectory("ciel-bench-");
        var options = new CielOptions { Name = "bench", Data = directory.FullName + "/data", Config = directory.FullName + "/config", PortBase = 0 };
        var setting = new Setting(TimeProvider.System, new Random(1), new SystemSecrets());
        NodeMaker node = (controller, _) => Task.FromResult<Agent.Contract.IAgent>(
            new SimulatedAgent(new SimulatedAgentOptions { Node = "sim", Vcpus = 10_000, MemoryMiB = 100_000_000, DiskGiB = 100_000_000 }, () => controller, TimeProvider.System, new Random(1)));
        await using (var host = await CielHost.Start(options, setting, [node], CancellationToken.None))
        {
            using var client = new HttpClient { BaseAddress = host.Url };
            var server = await Prepare(host, client, (await File.ReadAllTextAsync(options.Config + "/admin-password")).Trim());
            using var bare = Bare(directory.FullName + "/bare.db");
            await foreach (var figure in Rounds.Run(
            [
                new Contestant("bare SQLite, one row a commit, 1 caller", "commits/s", 1, _ => Insert(bare)),
                new Contestant("server create to ACTIVE and deleted, 1 caller", "servers/s", 1, _ => Life(client, server)),
                new Contestant("server create to ACTIVE and deleted, 16 callers", "servers/s", 16, _ => Life(client, server)),
            ]))
            {
                yield return figure;
            }
        }

        directory.Delete(recursive: true);
    }

    private static async Task<object> Prepare(CielHost host, HttpClient client, string password)
    {
        var domain = new { id = "default" };
        var identity = new { methods = (string[])["password"], password = new { user = new { name = "admin", domain, password } } };
        using var login = await client.PostAsJsonAsync("/identity/v3/auth/tokens", new { auth = new { identity, scope = new { project = new { name = "admin", domain } } } });
        client.DefaultRequestHeaders.Add("X-Auth-Token", login.Headers.GetValues("X-Subject-Token").Single());
        using var disk = new MemoryStream(SimulatedDisk.Qcow2(1));
        await host.Parts.GetRequiredService<IImages>().Seed("bench", disk, new Dictionary<string, string>(), CancellationToken.None);
        var image = (await client.GetFromJsonAsync<JsonElement>("/image/v2/images")).GetProperty("images")[0].GetProperty("id").GetString();
        var flavor = (await client.GetFromJsonAsync<JsonElement>("/compute/v2.1/flavors")).GetProperty("flavors")[0].GetProperty("id").GetString();
        var network = (await Post(client, "/network/v2.0/networks", new { network = new { name = "bench" } })).GetProperty("network").GetProperty("id").GetString();
        await Post(client, "/network/v2.0/subnets", new { subnet = new { network_id = network, ip_version = 4, cidr = "10.0.0.0/16" } });
        var project = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetProperty("project").GetProperty("id").GetString();
        using var quota = await client.PutAsJsonAsync("/compute/v2.1/os-quota-sets/" + project, new { quota_set = new { instances = -1, cores = -1, ram = -1 } });
        using var ports = await client.PutAsJsonAsync("/network/v2.0/quotas/" + project, new { quota = new { port = -1 } });
        quota.EnsureSuccessStatusCode();
        ports.EnsureSuccessStatusCode();
        return new { server = new { name = "bench", imageRef = image, flavorRef = flavor, networks = new[] { new { uuid = network } } } };
    }

    private static async Task Life(HttpClient client, object server)
    {
        var id = (await Post(client, "/compute/v2.1/servers", server)).GetProperty("server").GetProperty("id").GetString();
        var status = "";
        while (status != "ACTIVE")
        {
            status = (await client.GetFromJsonAsync<JsonElement>("/compute/v2.1/servers/" + id)).GetProperty("server").GetProperty("status").GetString();
            if (status == "ERROR") throw new InvalidOperationException("The server did not become ACTIVE.");
        }

        using var gone = await client.DeleteAsync("/compute/v2.1/servers/" + id);
        gone.EnsureSuccessStatusCode();
        while ((await client.GetAsync("/compute/v2.1/servers/" + id)).IsSuccessStatusCode)
        {
        }
    }

    private static async Task<JsonElement> Post(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>()
            : throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static SqliteConnection Bare(string file)
    {
        var connection = new SqliteConnection("Data Source=" + file);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT) STRICT";
        command.ExecuteNonQuery();
        return connection;
    }

    private static Task Insert(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO row (name) VALUES ('bench')";
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }
}
