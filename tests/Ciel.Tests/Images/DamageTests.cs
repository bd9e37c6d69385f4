using Ciel.Core.Blobs;
using Ciel.Core.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Images;

/// <summary>A bit flips on the disk under an image. The cloud is this class's own: what is noted of damage would count as bytes elsewhere.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private static readonly byte[] Disk = Blobs.Stores.Bytes(3_000_000);

    private ImageCloud _cloud = null!;

    public async ValueTask InitializeAsync() => _cloud = await ImageCloud.Start("sqlite");

    public ValueTask DisposeAsync() => _cloud.DisposeAsync();

    [Fact]
    public async Task In_the_first_block_the_answer_is_a_fault_that_describes_no_data()
    {
        var (alice, id) = await Stored(flip: 10);
        using var answer = await _cloud.Raw(HttpMethod.Get, $"/v2/images/{id}/file", alice);
        ((int)answer.StatusCode).ShouldBe(500);
        answer.Content.Headers.ContentMD5.ShouldBeNull();
        answer.Content.Headers.ContentRange.ShouldBeNull();
        (await answer.Content.ReadAsStringAsync()).ShouldContain("not handed out");
    }

    [Fact]
    public async Task In_a_later_block_the_connection_is_cut_before_a_wrong_byte()
    {
        var (alice, id) = await Stored(flip: 2_500_000);
        using var answer = await _cloud.Raw(HttpMethod.Get, $"/v2/images/{id}/file", alice);
        ((int)answer.StatusCode).ShouldBe(200);
        answer.Content.Headers.ContentLength.ShouldBe(Disk.Length);
        var got = new MemoryStream();
        await Should.ThrowAsync<Exception>(async () => await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(got));
        got.Length.ShouldBeLessThan(2_500_000);
        got.ToArray().ShouldBe(Disk[..(int)got.Length]);
    }

    [Fact]
    public async Task A_node_gets_no_damaged_disk()
    {
        var (alice, id) = await Stored(flip: 2_999_999);
        var info = (await _cloud.Db.Read(r => _cloud.Images.Visible(r, SliceHost.ActorOf(alice), id)))!;
        using var stream = await _cloud.Tickets.Fetch(_cloud.Images.Source(info).Ticket, default);
        (await Should.ThrowAsync<Fault>(() => stream.CopyToAsync(Stream.Null))).Kind.ShouldBe("DataDamaged");
    }

    private async Task<(string Project, string Id)> Stored(int flip)
    {
        var alice = ImageClouds.Project("alice");
        var id = await _cloud.Active(alice, Disk, new { disk_format = "raw", container_format = "bare" });
        var info = (await _cloud.Db.Read(r => _cloud.Images.Visible(r, SliceHost.ActorOf(alice), id)))!;
        var file = Directory.GetFiles(_cloud.Parts.GetRequiredService<BlobOptions>().Root, info.BlobId!, SearchOption.AllDirectories).Single();
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(handle, [(byte)(Disk[flip] ^ 1)], flip);
        return (alice, id);
    }
}
