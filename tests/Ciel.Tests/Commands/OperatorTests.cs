using Ciel.Commands;
using Ciel.Core.Host;
using Ciel.Core.Trust.Host;
using Ciel.Hosting;

namespace Ciel.Tests.Commands;

/// <summary>What an operator runs beside the doors: backup, restore, keys, the doctor. Each instance has its own directories.</summary>
public sealed class OperatorTests : IDisposable
{
    private readonly DirectoryInfo _directory = TestDirectory.Create("ciel-operator-");

    private string Data => Path.Combine(_directory.FullName, "data");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_backup_of_a_running_cloud_comes_back_elsewhere_with_its_rows_its_bytes_and_its_admin()
    {
        var archive = Path.Combine(_directory.FullName, "backup.tar.gz");
        string image;
        await using (var host = await Start(Options(Data)))
        {
            using var cloud = await Client(host, Options(Data));
            await cloud.Post("/network/v2.0/networks", new { network = new { name = "kept" } });
            image = (await cloud.Post("/image/v2/images", new { name = "kept", disk_format = "raw", container_format = "bare" })).GetProperty("id").GetString()!;
            await cloud.Put($"/image/v2/images/{image}/file", new byte[100_000]);
            (await Ciel("backup", archive)).ShouldBe(0);
        }

        var elsewhere = Path.Combine(_directory.FullName, "elsewhere");
        (await Run("restore", archive, "--data", elsewhere)).ShouldBe(0);
        (await Run("restore", archive, "--data", elsewhere)).ShouldBe(1);
        await using var restored = await Start(Instance.Load(elsewhere)! with { PortBase = 0 });
        using var again = await Client(restored, Options(elsewhere));
        (await again.Get("/network/v2.0/networks?name=kept")).GetProperty("networks").GetArrayLength().ShouldBe(1);
        (await again.Bytes($"/image/v2/images/{image}/file")).Length.ShouldBe(100_000);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task A_new_root_key_opens_what_the_old_one_sealed(bool forget, int keys)
    {
        string token;
        await using (var host = await Start(Options(Data)))
        {
            using var cloud = await Client(host, Options(Data));
            await cloud.Post("/identity/v3/credentials", new { credential = new { type = "cert", blob = "sealed at rest", user_id = await cloud.UserId() } });
            token = cloud.Token;
        }

        var before = RootKeyFile.Open(Options(Data).RootKey, new SystemSecrets()).Newest;
        (await Ciel(forget ? ["key", "rotate", "--forget"] : ["key", "rotate"])).ShouldBe(0);
        RootKeyFile.Open(Options(Data).RootKey, new SystemSecrets()).Newest.ShouldNotBe(before);
        File.ReadAllLines(Options(Data).RootKey).Length.ShouldBe(keys);
        await using var again = await Start(Options(Data));
        using var client = new OperatorClient(again.Url, token);
        (await client.Get("/identity/v3/credentials")).GetProperty("credentials")[0].GetProperty("blob").GetString().ShouldBe("sealed at rest");
    }

    [Fact]
    public async Task A_key_is_not_rotated_under_a_running_program()
    {
        await using var host = await Start(Options(Data));
        var before = await File.ReadAllTextAsync(Options(Data).RootKey, TestContext.Current.CancellationToken);
        using var running = InstanceLock.Take(Options(Data));
        (await Ciel("key", "rotate")).ShouldBe(1);
        (await File.ReadAllTextAsync(Options(Data).RootKey, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task The_doctor_looks_at_the_disk_and_the_store()
    {
        await using var host = await Start(Options(Data));
        var health = await StoreHealth.Look(Options(Data), TimeProvider.System);
        health.Select(h => h.Name).ShouldBe(["disk space", "store"]);
        health.ShouldAllBe(h => h.Present);
    }

    private static async Task<CielHost> Start(CielOptions options)
    {
        Instance.Save(options);
        return await CielHost.Start(options, new Setting(TimeProvider.System, new Random(1), new SystemSecrets()), NodeMakers.Simulated(1, TimeProvider.System), CancellationToken.None);
    }

    private static async Task<OperatorClient> Client(CielHost host, CielOptions options) =>
        await OperatorClient.Login(host.Url, (await File.ReadAllTextAsync(options.PasswordFile)).Trim());

    private static Task<int> Run(params string[] args) => CommandLine.Run(args, TimeProvider.System);

    private Task<int> Ciel(params string[] args) => Run([.. args, "--data", Data]);

    // The secrets stay where they are when the data moves, as an operator would have it.
    private CielOptions Options(string data) => new() { Name = "oper", Data = data, Config = Path.Combine(_directory.FullName, "config"), PortBase = 0 };
}
