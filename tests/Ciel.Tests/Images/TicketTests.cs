using Ciel.Core.Errors;
using Ciel.Services.Images;

namespace Ciel.Tests.Images;

[Collection("images")]
public class TicketTests(ImageClouds clouds)
{
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_download_ticket_gives_the_bytes(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Active(alice, Samples.Qcow2(), new { disk_format = "qcow2", container_format = "bare" });
        var info = (await cloud.Db.Read(r => cloud.Images.Visible(r, SliceHost.ActorOf(alice), id)))!;
        (await cloud.Db.Read(r => cloud.Images.Visible(r, SliceHost.ActorOf("stranger"), id))).ShouldBeNull();
        var source = cloud.Images.Source(info);
        (source.Format, source.Size, source.Sha512).ShouldBe(("qcow2", Samples.Qcow2().Length, info.Sha512!));
        using var stream = await cloud.Tickets.Fetch(source.Ticket, default);
        var whole = new MemoryStream();
        await stream.CopyToAsync(whole);
        whole.ToArray().ShouldBe(Samples.Qcow2());
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task An_upload_ticket_fills_a_snapshot_once(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await Snapshot(cloud, alice);
        (await cloud.Show(alice, id)).GetProperty("instance_uuid").GetString().ShouldBe("s-1");
        var ticket = cloud.Images.UploadTicket(id);
        (await Should.ThrowAsync<Fault>(() => cloud.Tickets.Store(ticket, new MemoryStream(Samples.Qcow2(change: f => Samples.U64(f, 8, 300))), default))).Status.ShouldBe(400);
        (await cloud.Status(alice, id)).ShouldBe("queued");
        await cloud.Tickets.Store(ticket, new MemoryStream(Samples.Qcow2()), default);
        (await cloud.Status(alice, id)).ShouldBe("active");
        await cloud.Tickets.Store(ticket, new MemoryStream(Samples.Qcow2(5 << 20)), default);
        (await cloud.Show(alice, id)).GetProperty("virtual_size").GetInt64().ShouldBe(1 << 30);
        (await LifeTests.Spans(cloud, id)).ShouldHaveSingleItem().ProjectId.ShouldBe(alice);
        await cloud.Db.Write(tx => cloud.Images.Kill(tx, id));
        (await cloud.Status(alice, id)).ShouldBe("active");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task A_killed_snapshot_takes_no_bytes_and_can_be_deleted(string kind)
    {
        var cloud = clouds[kind];
        var alice = ImageClouds.Project("alice");
        var id = await Snapshot(cloud, alice);
        await cloud.Db.Write(tx => cloud.Images.Kill(tx, id));
        (await cloud.Status(alice, id)).ShouldBe("killed");
        (await Should.ThrowAsync<Fault>(() => cloud.Tickets.Store(cloud.Images.UploadTicket(id), new MemoryStream(Samples.Qcow2()), default))).Status.ShouldBe(409);
        await cloud.Db.Write(tx => cloud.Images.Delete(tx, SliceHost.ActorOf(alice), id));
        await cloud.Refused(404, HttpMethod.Get, "/v2/images/" + id, alice);
    }

    [Fact]
    public async Task Other_tickets_are_refused()
    {
        var cloud = clouds["sqlite"];
        var alice = ImageClouds.Project("alice");
        var id = await cloud.Active(alice, Samples.Raw());
        var good = cloud.Images.Source((await cloud.Db.Read(r => cloud.Images.Find(r, id)))!).Ticket;
        var parts = good.Split('.');
        foreach (var bad in new[]
        {
            "", "x", "...", good + "x", good[..^2], cloud.Images.UploadTicket(id),
            $"{parts[0]}.{Guid.NewGuid()}.{parts[2]}.{parts[3]}", $"{parts[0]}.{parts[1]}.9999999999.{parts[3]}", $"put.{parts[1]}.{parts[2]}.{parts[3]}", $"{parts[0]}.{parts[1]}.{parts[2]}.",
        })
        {
            (await Should.ThrowAsync<Fault>(() => cloud.Tickets.Fetch(bad, default))).Status.ShouldBe(403, bad);
        }

        (await Should.ThrowAsync<Fault>(() => cloud.Tickets.Store(good, new MemoryStream(), default))).Status.ShouldBe(403);
    }

    [Fact]
    public void Tickets_expire()
    {
        var time = new At(DateTimeOffset.UtcNow);
        var seal = new Services.Images.Data.TicketSeal(time);
        seal.Use(new byte[32]);
        var ticket = seal.Make("get", "a-blob");
        seal.Check("get", ticket).ShouldBe("a-blob");
        time.Now += TimeSpan.FromMinutes(61);
        Should.Throw<Fault>(() => seal.Check("get", ticket)).Status.ShouldBe(403);
    }

    private static async Task<string> Snapshot(ImageCloud cloud, string project)
    {
        var id = Guid.CreateVersion7().ToString();
        var image = new NewImage(id, "snapshot", project, "qcow2", 1, 64, new Dictionary<string, string> { ["instance_uuid"] = "s-1" });
        await cloud.Db.Write(tx => cloud.Images.Create(tx, SliceHost.ActorOf(project), image));
        return id;
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
