using System.Security.Cryptography;
using Ciel.Agent.Host;

namespace Ciel.Tests.Agent.Host;

public sealed class HostFilesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("ciel-files-").FullName;
    private readonly int uid = int.Parse(
        File.ReadAllLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1],
        System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void A_file_of_the_user_opens_and_nothing_else()
    {
        var file = Path.Combine(directory, "file");
        var link = Path.Combine(directory, "link");
        File.WriteAllText(file, "x");
        File.CreateSymbolicLink(link, file);
        Files.OpenOwnedBy(uid, file).Dispose();
        Should.Throw<IOException>(() => Files.OpenOwnedBy(uid + 1, file));
        Should.Throw<IOException>(() => Files.OpenOwnedBy(uid, link));
        Should.Throw<IOException>(() => Files.OpenOwnedBy(uid, directory));
        Should.Throw<IOException>(() => Files.OpenOwnedBy(uid, "/dev/null"));
        Should.Throw<IOException>(() => Files.OpenOwnedBy(uid, file + "-not-there"));
    }

    [Fact]
    public void The_tail_stays_where_it_was()
    {
        var file = Path.Combine(directory, "log");
        File.WriteAllBytes(file, [.. Enumerable.Repeat((byte)1, 1 << 20)]);
        using var handle = Files.OpenOwnedBy(uid, file, write: true);
        Files.KeepTail(handle, 4096);
        var bytes = File.ReadAllBytes(file);
        bytes.Length.ShouldBe(1 << 20);
        bytes[^4096..].ShouldAllBe(value => value == 1);
        bytes[..4096].ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void A_process_is_known_by_its_start_not_by_its_number()
    {
        var group = File.ReadAllLines("/proc/self/cgroup")[0].Split(':')[2];
        var self = ChildIdentity.Of(Environment.ProcessId, group).ShouldNotBeNull();
        self.IsAlive().ShouldBeTrue();
        (self with { StartTicks = self.StartTicks + 1 }).IsAlive().ShouldBeFalse();
        (self with { Group = "/somewhere-else" }).IsAlive().ShouldBeFalse();
        ChildIdentity.Of(Environment.ProcessId, "/somewhere-else").ShouldBeNull();
    }

    [Fact]
    public async Task A_hashing_stream_knows_what_was_read_from_it()
    {
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();
        await using var stream = new HashingStream(new MemoryStream(bytes));
        await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        stream.Position.ShouldBe(bytes.Length);
        stream.Sha512().ShouldBe(Convert.ToHexStringLower(SHA512.HashData(bytes)));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
