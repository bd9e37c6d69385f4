using System.Net.Sockets;
using System.Text;
using Ciel.Services.Images;
using Ciel.Services.Images.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Images;

[Collection("images")]
public class UploadTests(ImageClouds clouds)
{
    private const string Octets = "application/octet-stream";

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Images_that_lie_are_refused_and_queued_again(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        foreach (var route in new[] { "file", "stage" })
        {
            var id = await cloud.Create(alice, new { name = "liar", disk_format = "qcow2", container_format = "bare" });
            foreach (var bytes in new[] { Samples.Raw(), [], Samples.Qcow2(change: f => Samples.U64(f, 8, 200)), Samples.Qcow2()[..100_000] })
            {
                await cloud.Refused(400, HttpMethod.Put, $"/v2/images/{id}/{route}", alice, bytes, Octets);
                (await cloud.Status(alice, id)).ShouldBe("queued");
            }

            (await cloud.Upload(alice, id, Samples.Qcow2(), route)).Status.ShouldBe(204);
        }

        (await cloud.Used(alice, "image.image_size_total")).ShouldBe(2 * Samples.Qcow2().Length);
        await Owned(cloud);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Uploads_that_break_off_leave_nothing(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        foreach (var framing in new[] { "Content-Length: 9000000", "Transfer-Encoding: chunked" })
        {
            var id = await cloud.Create(alice);
            using (var socket = new TcpClient())
            {
                await socket.ConnectAsync(cloud.Url.Host, cloud.Url.Port);
                var head = $"PUT /image/v2/images/{id}/file HTTP/1.1\r\nHost: {cloud.Url.Authority}\r\nX-Auth-Token: {alice}\r\nContent-Type: {Octets}\r\n{framing}\r\n\r\n";
                await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + (framing.StartsWith('T') ? "400000\r\n" : "")));
                await socket.GetStream().WriteAsync(new byte[1_000_000]);
                await Until(async () => await cloud.Status(alice, id) == "saving", "the upload has begun");
            }

            await Until(async () => await cloud.Status(alice, id) == "queued", "the image is queued again");
            (await cloud.Upload(alice, id, Samples.Raw())).Status.ShouldBe(204);
        }

        await Owned(cloud);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task One_upload_at_a_time_and_none_after_a_delete(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Create(alice);
        var first = new Gated(Samples.Raw());
        var uploading = cloud.Try(HttpMethod.Put, $"/v2/images/{id}/file", alice, first, Octets);
        await Until(async () => await cloud.Status(alice, id) == "saving", "the upload has begun");
        await cloud.Refused(409, HttpMethod.Put, $"/v2/images/{id}/file", alice, Samples.Raw(), Octets);
        (await cloud.Status(alice, id)).ShouldBe("saving");
        (await cloud.Try(HttpMethod.Delete, "/v2/images/" + id, alice)).Status.ShouldBe(204);
        first.Open.SetResult();
        (await uploading).Status.ShouldBe(410);
        await cloud.Refused(404, HttpMethod.Get, "/v2/images/" + id, alice);
        (await cloud.Used(alice, "image.image_size_total")).ShouldBe(0);
        await Owned(cloud);
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task An_upload_whose_process_died_frees_its_image(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Create(alice);
        var dead = Guid.CreateVersion7().ToString();
        await cloud.Db.Write(async tx =>
        {
            await UploadStore.Begin(tx, id, Statuses.Saving, dead, tx.Now - 1);
            await cloud.Parts.GetRequiredService<Core.Keepers.KeeperBook>().Begin(tx, UploadKeeper.KindName, dead, UploadKeeper.First);
        });
        await Until(async () => await cloud.Status(alice, id) == "queued", "the keeper has seen it");
        (await cloud.Upload(alice, id, Samples.Raw())).Status.ShouldBe(204);
        await Until(() => cloud.Db.Read(async r => await r.Scalar<long>("SELECT COUNT(*) FROM keeper WHERE id = @dead", new { dead }) == 0), "the keeper is over");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task Data_needs_formats_and_its_media_type(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var bare = await cloud.Create(alice, new { name = "no formats" });
        await cloud.Refused(400, HttpMethod.Put, $"/v2/images/{bare}/file", alice, Samples.Raw(), Octets);
        (await cloud.Status(alice, bare)).ShouldBe("queued");
        var id = await cloud.Create(alice);
        await cloud.Refused(415, HttpMethod.Put, $"/v2/images/{id}/file", alice, "{}", "application/json");
        await cloud.Refused(415, HttpMethod.Put, $"/v2/images/{id}/stage", alice);
    }

    internal static async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; i < 400; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException(what);
    }

    /// <summary>Every file of a blob is named by a row, and nothing is half-made.</summary>
    internal static async Task Owned(ImageCloud cloud)
    {
        var files = cloud.Files();
        files.ShouldNotContain(f => f.Contains("/incoming/"));
        var owned = await cloud.Db.Read(r => UploadStore.Owned(r, [.. files.Select(f => Path.GetFileName(f))]));
        owned.Count.ShouldBe(files.Length);
    }

    /// <summary>Sends half, then waits for leave.</summary>
    private sealed class Gated(byte[] bytes) : HttpContent
    {
        public TaskCompletionSource Open { get; } = new();

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            await Open.Task;
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
