using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Quotas of projects and buckets: set by Ceph's admin operations, and never exceeded by one unit.</summary>
public class QuotaTests
{
    private const int Writers = 32;

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task NoRaceExceedsALimit(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var (admin, _) = await cloud.Account("operator", "admin");
        (await cloud.Main.Put("/bucket/first", "x")).Ok();
        (await cloud.Main.Put("/other")).Ok();
        (await admin.Put($"/admin/bucket?quota&uid={cloud.MainProject}&bucket=bucket&max-objects=11&enabled=true")).Ok();
        (await Race(cloud, i => $"/bucket/{i}", "y")).ShouldBe(10);
        (await cloud.Main.Get("/bucket")).All("Key").Count.ShouldBe(11);
        (await cloud.Main.Put("/other/free", "x")).Ok();

        // The project has 12 bytes in 12 objects by now.
        (await admin.Put($"/admin/user?quota&quota-type=user&uid={cloud.MainProject}&max-size=100&max-objects=-1&enabled=true")).Ok();
        (await Race(cloud, i => $"/other/{i}", "1234567")).ShouldBe(12, "12 times 7 and 12 are 96, once more would be 103");
        (await cloud.Main.Put("/other/rest", "1234")).Ok();
        (await cloud.Main.Put("/other/rest", "12345")).Code.ShouldBe("QuotaExceeded");
        (await cloud.Main.Put("/other/rest", "4321")).Ok();
        (await cloud.Main.Delete("/other/rest")).Ok();
        (await cloud.Main.Put("/other/rest", "1234")).Ok();
        (await cloud.Main.Put("/bucket/first", "")).Ok();
        (await cloud.Main.Put("/bucket/more", "")).Code.ShouldBe("QuotaExceeded", "the bucket has its own limit");
        (await Held(cloud)).ShouldBe(99);
        (await admin.Put($"/admin/user?quota&quota-type=user&uid={cloud.MainProject}&enabled=false")).Ok();
        (await cloud.Main.Put("/other/much", new string('x', 1000))).Ok();
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task WhatIsHeldIsToldInCephsWords(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var (admin, _) = await cloud.Account("operator", "admin");
        (await admin.Put($"/admin/bucket?quota&uid={cloud.MainProject}&bucket=bucket&max-objects=11&enabled=true")).Ok();
        (await admin.Put($"/admin/user?quota&quota-type=user&uid={cloud.MainProject}&max-size=100&enabled=true")).Ok();
        (await cloud.Main.Put("/bucket/a", "foo")).Ok();
        (await cloud.Main.Put("/bucket/b", "ba")).Ok();

        var plain = (await cloud.Main.Head("/bucket")).Ok();
        plain["X-RGW-Object-Count"].ShouldBeNull();
        var told = (await cloud.Main.Head("/bucket?read-stats=true")).Ok();
        string[] names = ["Object-Count", "Bytes-Used", "Quota-User-Size", "Quota-User-Objects", "Quota-Max-Buckets", "Quota-Bucket-Size", "Quota-Bucket-Objects"];
        names.Select(n => told["X-RGW-" + n]).ShouldBe(["2", "5", "100", "-1", "1000", "-1", "11"]);
        var summary = (await cloud.Main.Get("/?usage")).Ok();
        string[] elements = ["TotalEntries", "TotalBytes", "TotalBytesRounded", "QuotaMaxBytes", "QuotaMaxObjCount", "QuotaMaxBuckets", "QuotaMaxBytesPerBucket"];
        elements.Select(e => summary.All(e)[0]).ShouldBe(["2", "5", "4096", "100", "-1", "1000", "-1"]);
        Encoding.UTF8.GetString(summary.Bytes).ShouldNotContain("xmlns", customMessage: "Ceph's clients look for names without a space");
        (await cloud.Main.As(anonymous: true).Get("/?usage")).Code.ShouldBe("AccessDenied");

        (await cloud.Main.Get("/bucket?allow-unordered=true")).All("Key").ShouldBe(["a", "b"]);
        (await cloud.Main.Get("/bucket?allow-unordered=true&delimiter=%2F")).Code.ShouldBe("InvalidArgument");
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task PartsCountUntilTheyAreJoinedOrGone(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        var (admin, _) = await cloud.Account("operator", "admin");
        (await admin.Put($"/admin/user?quota&uid={cloud.MainProject}&max-size=100000")).Ok();
        var upload = (await cloud.Main.Post("/bucket/key?uploads")).Ok().All("UploadId")[0];
        var part = (await cloud.Main.Put($"/bucket/key?partNumber=1&uploadId={upload}", new string('a', 60_000))).Ok();
        (await cloud.Main.Put($"/bucket/key?partNumber=2&uploadId={upload}", new string('b', 60_000))).Code.ShouldBe("QuotaExceeded");
        part = (await cloud.Main.Put($"/bucket/key?partNumber=1&uploadId={upload}", new string('c', 70_000))).Ok();
        (await Held(cloud)).ShouldBe(70_000);
        (await cloud.Main.Post($"/bucket/key?uploadId={upload}", $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{WebUtility.HtmlEncode(part["ETag"])}</ETag></Part></CompleteMultipartUpload>")).Ok();
        (await Held(cloud)).ShouldBe(70_000);
        upload = (await cloud.Main.Post("/bucket/key?uploads")).Ok().All("UploadId")[0];
        (await cloud.Main.Put($"/bucket/key?partNumber=1&uploadId={upload}", new string('d', 30_000))).Ok();
        (await cloud.Main.Put("/bucket/more", "1")).Code.ShouldBe("QuotaExceeded");
        (await cloud.Main.Delete($"/bucket/key?uploadId={upload}")).Ok();
        (await cloud.Main.Put("/bucket/more", "1")).Ok();
        _ = (await cloud.Main.Post("/bucket/left?uploads")).Ok();
        (await Held(cloud)).ShouldBe(70_001);
        (await cloud.Main.Delete("/bucket/key")).Ok();
        (await cloud.Main.Delete("/bucket/more")).Ok();
        (await cloud.Main.Delete("/bucket")).Ok();
        (await Held(cloud)).ShouldBe(0);
    }

    [Fact]
    public async Task What_cannot_fit_was_refused_only_after_all_of_it_had_come()
    {
        await using var cloud = await S3Cloud.Start();
        var (admin, _) = await cloud.Account("operator", "admin");
        (await cloud.Main.Put("/bucket/key", new string('a', 60_000))).Ok();
        (await admin.Put($"/admin/user?quota&uid={cloud.MainProject}&max-size=100000")).Ok();
        (await Announce(cloud, "/bucket/more", 40_001)).ShouldContain("QuotaExceeded");
        (await Announce(cloud, "/bucket/key", 100_001)).ShouldContain("QuotaExceeded");
        (await cloud.Main.Put("/bucket/key", new string('b', 100_000))).Ok();
        (await admin.Put($"/admin/user?quota&uid={cloud.MainProject}&enabled=false")).Ok();
        (await admin.Put($"/admin/bucket?quota&uid={cloud.MainProject}&bucket=bucket&max-size=150000")).Ok();
        (await Announce(cloud, "/bucket/more", 50_001)).ShouldContain("QuotaExceeded");
        (await cloud.Main.Put("/bucket/more", new string('c', 50_000))).Ok();
    }

    // The answer to the head of a PUT whose body never comes.
    private static async Task<string> Announce(S3Cloud cloud, string path, int bytes)
    {
        using var wire = new TcpClient();
        await wire.ConnectAsync(cloud.Door.Host, cloud.Door.Port);
        await using var stream = wire.GetStream();
        var head = $"PUT {cloud.Main.Presign(HttpMethod.Put, path, 600)} HTTP/1.1\r\nHost: {cloud.Door.Authority}\r\nContent-Length: {bytes}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        var (answer, buffer) = (new StringBuilder(), new byte[4096]);
        while (!answer.ToString().Contains("</Error>", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is > 0 and var read)
        {
            answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }

    [Fact]
    public async Task OnlyTheCloudsAdminsSetThem()
    {
        await using var cloud = await S3Cloud.Start();
        var (admin, _) = await cloud.Account("operator", "admin");
        var user = $"/admin/user?quota&quota-type=user&uid={cloud.MainProject}";
        (await cloud.Main.Put(user + "&max-size=1")).Code.ShouldBe("AccessDenied");
        (await cloud.Main.As(anonymous: true).Get(user)).Code.ShouldBe("AccessDenied");
        (await admin.Get("/admin/user?quota&uid=nobody")).Code.ShouldBe("NoSuchUser");
        (await admin.Put($"/admin/bucket?quota&uid={cloud.MainProject}&bucket=nowhere&max-size=1")).Code.ShouldBe("NoSuchBucket");
        (await admin.Put(user + "&max-size=much")).Code.ShouldBe("InvalidArgument");
        (await admin.Put(user, "{")).Code.ShouldBe("InvalidRequest");
        (await admin.Put($"/admin/user?quota&quota-type=bucket&uid={cloud.MainProject}&max-size=1")).Code.ShouldBe("NotImplemented");
        (await Quota(admin, user)).ShouldBe((false, -1, -1));
        (await admin.Put(user, """{"enabled":true,"max_size":-1,"max_size_kb":2,"max_objects":5}""")).Ok();
        (await Quota(admin, user)).ShouldBe((true, -1, 5));
        (await admin.Put(user + "&max-size-kb=2")).Ok();
        (await Quota(admin, user)).ShouldBe((true, 2048, -1));
        var bucket = $"/admin/bucket?quota&uid={cloud.MainProject}&bucket=bucket";
        (await admin.Put(bucket + "&max-objects=1&max-size=10")).Ok();
        (await Quota(admin, bucket)).ShouldBe((true, 10, 1));

        // A bucket may bear the name; what is no quota is an object.
        (await cloud.Main.Put("/admin")).Ok();
        (await cloud.Main.Put("/admin/user", "object")).Ok();
        (await cloud.Main.Get("/admin/user")).Text.ShouldBe("object");
    }

    private static async Task<int> Race(S3Cloud cloud, Func<int, string> path, string body)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => cloud.Main.Put(path(i), body))));
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Status == HttpStatusCode.Forbidden && a.Code == "QuotaExceeded");
        return answers.Count(a => a.Status == HttpStatusCode.OK);
    }

    private static Task<long> Held(S3Cloud cloud) => cloud.Cloud.Db.Read(async r =>
    {
        var used = await r.Scalar<long>("SELECT used FROM quota WHERE project_id = @MainProject AND resource = 'object.bytes'", new { cloud.MainProject });
        var counted = await r.Scalar<long>("SELECT CAST(COALESCE(SUM(u.bytes), 0) AS bigint) FROM object_usage u JOIN object_bucket b ON b.id = u.bucket_id WHERE b.project_id = @MainProject", new { cloud.MainProject });
        var there = await r.Scalar<long>("SELECT CAST((SELECT COALESCE(SUM(size), 0) FROM object_version) + (SELECT COALESCE(SUM(size), 0) FROM object_part) AS bigint)");
        used.ShouldBe(counted);
        used.ShouldBe(there);
        return used;
    });

    private static async Task<(bool Enabled, long Size, long Objects)> Quota(S3Client admin, string path)
    {
        var json = JsonDocument.Parse(Encoding.UTF8.GetString((await admin.Get(path)).Ok().Bytes)).RootElement;
        return (json.GetProperty("enabled").GetBoolean(), json.GetProperty("max_size").GetInt64(), json.GetProperty("max_objects").GetInt64());
    }
}
