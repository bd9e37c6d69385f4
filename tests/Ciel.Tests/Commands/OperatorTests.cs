using System.Formats.Tar;
using System.IO.Compression;
using Ciel.Commands;
using Ciel.Core.Blobs;
using Ciel.Core.Blobs.Host;
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

    [Fact]
    public async Task What_is_deleted_while_a_backup_runs_is_in_it_whole()
    {
        var archive = Path.Combine(_directory.FullName, "backup.tar.gz");
        var blobs = new BlobOptions(Path.Combine(Data, "blobs"));
        await using (var host = await Start(Options(Data)))
        {
            using var cloud = await Client(host, Options(Data));
            var images = new List<string>();
            for (var i = 0; i < 24; i++)
            {
                images.Add((await cloud.Post("/image/v2/images", new { name = "passing", disk_format = "raw", container_format = "bare" })).GetProperty("id").GetString()!);
                await cloud.Put($"/image/v2/images/{images[^1]}/file", System.Security.Cryptography.RandomNumberGenerator.GetBytes(1_000_000));
            }

            // A backup that has copied its rows and not yet its blobs.
            using (BackupMark.Set(blobs, TimeProvider.System))
            {
                await cloud.Delete("/image/v2/images/" + images[0]);
                Directory.GetFiles(Path.Combine(Data, "blobs", "images"), "*", SearchOption.AllDirectories).Length.ShouldBe(24);
            }

            var backup = Task.Run(() => Ciel("backup", archive));
            foreach (var image in images.Skip(1))
            {
                await cloud.Delete("/image/v2/images/" + image);
            }

            (await backup).ShouldBe(0);
        }

        var elsewhere = Path.Combine(_directory.FullName, "elsewhere");
        (await Run("restore", archive, "--data", elsewhere)).ShouldBe(0);
        (await Run("objects", "fsck", "--data", elsewhere)).ShouldBe(0);
        Directory.GetFiles(Data, "*.backup").ShouldBeEmpty();
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

    /// <summary>Regression: the whole store, password hashes included, lay in an archive that every user of the host could read.</summary>
    [Fact]
    public async Task What_it_writes_is_for_its_owner_alone()
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "ciel.lock"), "an earlier release left it open to all", TestContext.Current.CancellationToken);
        var archive = Path.Combine(_directory.FullName, "backup.tar.gz");
        await using (var host = await Start(Options(Data)))
        {
            using var running = InstanceLock.Take(Options(Data));
            (await Ciel("backup", archive)).ShouldBe(0);
        }

        (await Run("restore", archive, "--data", Path.Combine(_directory.FullName, "elsewhere"))).ShouldBe(0);
        var files = Directory.GetFiles(_directory.FullName, "*", SearchOption.AllDirectories);
        files.Select(Path.GetFileName).ShouldContain("ciel.lock");
        files.Select(Path.GetFileName).ShouldContain("instance.json");
        files.Where(f => (File.GetUnixFileMode(f) & Others) != 0).ShouldBeEmpty();
    }

    /// <summary>Regression: each of these ended in a stack trace, and some left halves behind.</summary>
    [Fact]
    public async Task Nonsense_is_refused_in_a_sentence_and_leaves_nothing()
    {
        var nonsense = Path.Combine(_directory.FullName, "nonsense");
        await File.WriteAllTextAsync(nonsense, "no archive", TestContext.Current.CancellationToken);
        var empty = Path.Combine(_directory.FullName, "empty.tar.gz");
        await using (var zip = new GZipStream(File.Create(empty), CompressionLevel.Fastest))
        await using (var tar = new TarWriter(zip))
        {
            await tar.WriteEntryAsync(nonsense, "other", TestContext.Current.CancellationToken);
        }

        var mixed = Path.Combine(_directory.FullName, "mixed.tar.gz");
        await using (var zip = new GZipStream(File.Create(mixed), CompressionLevel.Fastest))
        await using (var tar = new TarWriter(zip))
        {
            await tar.WriteEntryAsync(nonsense, "instance.json", TestContext.Current.CancellationToken);
        }

        (await Ciel("restore", nonsense)).ShouldBe(1);
        (await Ciel("restore", empty)).ShouldBe(1);
        (await Ciel("restore", mixed)).ShouldBe(1);
        (await Ciel("up", "--bare", "--simulate", "1", "--port-base", "99999")).ShouldBe(1);
        (await Run("up", "--bare", "--simulate", "1", "--data", nonsense + "/data")).ShouldBe(1);
        _directory.GetFileSystemInfos().Select(f => f.Name).Order().ShouldBe(["empty.tar.gz", "mixed.tar.gz", "nonsense"]);
    }

    [Fact]
    public async Task A_flipped_bit_is_not_served_and_the_check_and_the_doctor_name_the_blob()
    {
        await using var host = await Start(Options(Data));
        using var cloud = await Client(host, Options(Data));
        var image = (await cloud.Post("/image/v2/images", new { name = "rotten", disk_format = "raw", container_format = "bare" })).GetProperty("id").GetString()!;
        await cloud.Put($"/image/v2/images/{image}/file", new byte[100_000]);
        (await Ciel("objects", "fsck")).ShouldBe(0);
        var file = Directory.GetFiles(Path.Combine(Data, "blobs", "images"), "*", SearchOption.AllDirectories).ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[99_999] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        (await Ciel("objects", "fsck", "--quick", "--json")).ShouldBe(0);
        (await Ciel("objects", "fsck", "--json")).ShouldBe(1);
        var problem = (await ObjectsCommand.Check(Options(Data), quick: false, TimeProvider.System, default)).ShouldHaveSingleItem();
        (problem.Service, problem.Kind, problem.Id).ShouldBe(("images", "damaged", Path.GetFileName(file)));
        var health = await BlobHealth.Look(Options(Data), TimeProvider.System, default);
        health.Where(h => !h.Present).ShouldHaveSingleItem().Detail.ShouldContain(problem.Id);
        await Should.ThrowAsync<HttpRequestException>(() => cloud.Bytes($"/image/v2/images/{image}/file"));
        await cloud.Delete($"/image/v2/images/{image}");
        (await Ciel("objects", "fsck")).ShouldBe(0);
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
