namespace Ciel.Tests.ObjectStorage;

/// <summary>Writes are carried to another bucket, here or at another S3.</summary>
public class ReplicationTests
{
    private const string Versions = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task ABucketFollowsAnotherOfTheSameCloud(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        await Versioned(cloud, "bucket", "copy");
        (await Configure(cloud, "arn:aws:s3:::copy", "<Filter><Prefix>in/</Prefix></Filter><DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication>")).Ok();
        var big = new string('b', 100_000);
        var put = (await cloud.Main.Put("/bucket/in/a%20b", big, ("x-amz-meta-mine", "yes"), ("x-amz-tagging", "k=v"), ("Content-Type", "text/plain"))).Ok();
        (await cloud.Main.Put("/bucket/out", "x")).Ok();
        await Until(async () => (await cloud.Main.Head("/bucket/in/a%20b"))["x-amz-replication-status"] == "COMPLETED");
        var replica = (await cloud.Main.Get("/copy/in/a%20b")).Ok();
        replica.Text.ShouldBe(big);
        replica["x-amz-replication-status"].ShouldBe("REPLICA");
        replica["x-amz-version-id"].ShouldBe(put["x-amz-version-id"]);
        replica["ETag"].ShouldBe(put["ETag"]);
        replica["x-amz-meta-mine"].ShouldBe("yes");
        replica["Content-Type"].ShouldBe("text/plain");
        (await cloud.Main.Get("/copy/in/a%20b?tagging")).All("Value").ShouldBe(["v"]);
        (await cloud.Main.Put("/bucket/in/a%20b?tagging", "<Tagging><TagSet><Tag><Key>k</Key><Value>w</Value></Tag></TagSet></Tagging>")).Ok();
        await Until(async () => (await cloud.Main.Get("/copy/in/a%20b?tagging")).All("Value").SequenceEqual(["w"]));
        (await cloud.Main.Delete("/bucket/in/a%20b")).Ok();
        await Until(async () => (await cloud.Main.Get("/copy/in/a%20b")).Code == "NoSuchKey");
        (await cloud.Main.Get("/copy/in/a%20b?versionId=" + put["x-amz-version-id"])).Ok().Text.ShouldBe(big);
        (await cloud.Main.Get("/copy/out")).Code.ShouldBe("NoSuchKey");
        (await cloud.Main.Head("/bucket/out"))["x-amz-replication-status"].ShouldBeNull();
    }

    [Theory]
    [InlineData("COMPLIANCE")]
    [InlineData("GOVERNANCE")]
    public async Task A_tag_of_the_original_does_not_unlock_its_replica(string mode)
    {
        await using var cloud = await S3Cloud.Start();
        await Locked(cloud);
        (await cloud.Main.Put("/copy/key?retention", $"<Retention><Mode>{mode}</Mode><RetainUntilDate>2100-01-01T00:00:00Z</RetainUntilDate></Retention>")).Ok();
        (await cloud.Main.Put("/copy/key?legal-hold", "<LegalHold><Status>ON</Status></LegalHold>")).Ok();
        (await cloud.Main.Put("/source/key?tagging", "<Tagging><TagSet><Tag><Key>k</Key><Value>w</Value></Tag></TagSet></Tagging>")).Ok();
        await Until(async () => (await cloud.Main.Get("/copy/key?tagging")).All("Value").SequenceEqual(["w"]));
        (await cloud.Main.Get("/copy/key?retention")).Ok().All("Mode").ShouldBe([mode]);
        (await cloud.Main.Get("/copy/key?legal-hold")).Ok().All("Status").ShouldBe(["ON"]);
    }

    [Fact]
    public async Task A_lock_of_the_original_is_carried_but_shortens_none_of_its_replica()
    {
        await using var cloud = await S3Cloud.Start();
        await Locked(cloud);
        (await cloud.Main.Put("/source/key?legal-hold", "<LegalHold><Status>ON</Status></LegalHold>")).Ok();
        await Until(async () => (await cloud.Main.Get("/copy/key?legal-hold")).All("Status").SequenceEqual(["ON"]));
        (await cloud.Main.Put("/source/key?retention", Retain(2090))).Ok();
        await Until(async () => (await cloud.Main.Head("/copy/key"))["x-amz-object-lock-retain-until-date"]?.StartsWith("2090", StringComparison.Ordinal) == true);
        (await cloud.Main.Put("/source/key?retention", Retain(2080), ("x-amz-bypass-governance-retention", "true"))).Ok();
        (await cloud.Main.Put("/source/key?legal-hold", "<LegalHold><Status>OFF</Status></LegalHold>")).Ok();
        await Until(async () => (await cloud.Main.Get("/copy/key?legal-hold")).All("Status").SequenceEqual(["OFF"]));
        (await cloud.Main.Head("/copy/key"))["x-amz-object-lock-retain-until-date"].ShouldNotBeNull().ShouldStartWith("2090");

        static string Retain(int year) => $"<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>{year}-01-01T00:00:00Z</RetainUntilDate></Retention>";
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task TwoCloudsFollowEachOther(string kind)
    {
        await using var there = await S3Cloud.Start(kind, "127.0.0.1");
        await using var here = await S3Cloud.Start(kind, "127.0.0.1");
        await Versioned(here, "bucket");
        await Versioned(there, "bucket");
        await Target(here, there);
        await Target(there, here);
        foreach (var cloud in (S3Cloud[])[here, there])
        {
            (await Configure(cloud, "arn:aws:s3:::target/other/bucket", "<Filter/><DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication>")).Ok();
        }

        for (var i = 0; i < 5; i++)
        {
            (await here.Main.Put("/bucket/a%20b/..//%C3%A4%2B", new string('x', 40_000) + i, ("x-amz-meta-n", $"{i}"), ("x-amz-tagging", "k=a%20b"))).Ok();
        }

        (await here.Main.Put("/bucket/empty", "")).Ok();
        await Until(async () => (await here.Main.Head("/bucket/a%20b/..//%C3%A4%2B"))["x-amz-replication-status"] == "COMPLETED" && (await here.Main.Head("/bucket/empty"))["x-amz-replication-status"] == "COMPLETED");
        var replica = (await there.Main.Get("/bucket/a%20b/..//%C3%A4%2B")).Ok();
        replica.Text.ShouldEndWith("x4");
        replica["x-amz-meta-n"].ShouldBe("4");
        replica["x-amz-replication-status"].ShouldBe("REPLICA");
        (await there.Main.Get("/bucket/a%20b/..//%C3%A4%2B?tagging")).All("Value").ShouldBe(["a b"]);
        (await there.Main.Get("/bucket?versions")).All("Version").Count.ShouldBe(6);
        (await here.Main.Delete("/bucket/empty")).Ok();
        await Until(async () => (await there.Main.Get("/bucket/empty")).Code == "NoSuchKey");
        (await there.Main.Put("/bucket/back", "home")).Ok();
        await Until(async () => (await here.Main.Get("/bucket/back")).Text == "home");
        // What came from there does not go back again.
        (await here.Main.Get("/bucket?versions")).All("Version").Count.ShouldBe(7);
        (await there.Main.Get("/bucket?versions")).All("DeleteMarker").Count.ShouldBe(1);
    }

    [Fact]
    public async Task WhatWaitsIsCarriedOnceTheOtherIsBack()
    {
        await using var there = await S3Cloud.Start();
        await using var here = await S3Cloud.Start(egress: "127.0.0.1");
        await Versioned(here, "bucket");
        await Versioned(there, "bucket");
        await Target(here, there);
        (await Configure(here, "arn:aws:s3:::target/other/bucket", "<Filter/>")).Ok();
        (await there.Main.Delete("/bucket")).Ok();
        (await here.Main.Put("/bucket/key", "kept")).Ok();
        await Until(async () => await here.Cloud.Db.Read(r => r.Scalar<string>("SELECT error FROM object_event")) is { } error && error.Contains("NoSuchBucket", StringComparison.Ordinal));
        (await here.Main.Head("/bucket/key"))["x-amz-replication-status"].ShouldBe("PENDING");
        await Versioned(there, "bucket");
        await Until(async () => (await there.Main.Get("/bucket/key")).Text == "kept");
    }

    [Fact]
    public async Task An_object_that_fails_unexpectedly_was_tried_each_second_for_ever_without_a_word()
    {
        await using var cloud = await S3Cloud.Start();
        await Versioned(cloud, "bucket", "copy");
        (await Configure(cloud, "arn:aws:s3:::copy", "<Filter/>")).Ok();
        (await cloud.Main.Delete("/copy")).Ok();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        await Until(async () => await Error() is { } error && error.Contains("gone", StringComparison.Ordinal));
        (await cloud.Cloud.Db.Write(tx => tx.Execute("UPDATE object_version SET content = '['"))).ShouldBe(1);
        await Versioned(cloud, "copy");
        await Until(async () => await Error() is { } error && error.Contains("JSON", StringComparison.Ordinal));

        Task<string?> Error() => cloud.Cloud.Db.Read(r => r.Scalar<string?>("SELECT error FROM object_event"));
    }

    [Fact]
    public async Task ATargetIsItsProjectsOwnAndItsSecretIsNotTold()
    {
        await using var cloud = await S3Cloud.Start(egress: "127.0.0.1");
        var (stranger, _) = await cloud.Account("stranger");
        await Versioned(cloud, "bucket");
        await Target(cloud, cloud);
        var listed = (await cloud.Main.Form("s3", ("Action", "ListReplicationTargets"))).Ok();
        listed.All("TargetArn").ShouldBe(["arn:aws:s3:::target/other"]);
        listed.Text.ShouldNotContain("Secret");
        (await cloud.Cloud.Db.Read(r => r.Scalar<string>("SELECT secret FROM object_target")))!.ShouldStartWith("1:");
        (await stranger.Form("s3", ("Action", "ListReplicationTargets"))).Ok().All("TargetArn").ShouldBeEmpty();
        (await cloud.Main.As(anonymous: true).Form("s3", ("Action", "ListReplicationTargets"))).Code.ShouldBe("AccessDenied");
        (await stranger.Put("/theirs")).Ok();
        (await stranger.Put("/theirs?versioning", Versions)).Ok();
        (await stranger.Put("/theirs?replication", Document("arn:aws:s3:::target/other/bucket", "<Filter/>"))).Text.ShouldContain("no replication target other");
        (await stranger.Put("/theirs?replication", Document("arn:aws:s3:::bucket", "<Filter/>"))).Code.ShouldBe("InvalidRequest");
        (await stranger.Put("/bucket?replication", Document("arn:aws:s3:::theirs", "<Filter/>"))).Code.ShouldBe("AccessDenied");
        (await stranger.Form("s3", ("Action", "DeleteReplicationTarget"), ("Name", "other"))).Ok();
        (await cloud.Main.Form("s3", ("Action", "ListReplicationTargets"))).All("TargetArn").ShouldHaveSingleItem();
        (await cloud.Main.Form("s3", ("Action", "DeleteReplicationTarget"), ("Name", "other"))).Ok();
        (await cloud.Main.Form("s3", ("Action", "ListReplicationTargets"))).All("TargetArn").ShouldBeEmpty();
    }

    [Fact]
    public async Task ATargetInsideNeedsTheOperatorsLeave()
    {
        await using var cloud = await S3Cloud.Start();
        await Versioned(cloud, "bucket");
        await Target(cloud, cloud);
        var refused = await Configure(cloud, "arn:aws:s3:::target/other/bucket", "<Filter/>");
        refused.Code.ShouldBe("InvalidRequest");
        refused.Text.ShouldContain("--egress-allow");
    }

    [Theory]
    [InlineData("<Nonsense/>", "MalformedXML")]
    [InlineData("<ReplicationConfiguration><Role>r</Role></ReplicationConfiguration>", "MalformedXML")]
    [InlineData("<ReplicationConfiguration><Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::copy</Bucket></Destination></Rule></ReplicationConfiguration>", "MalformedXML")]
    [InlineData("<ReplicationConfiguration><Role>r</Role><Rule><Status>Maybe</Status><Destination><Bucket>arn:aws:s3:::copy</Bucket></Destination></Rule></ReplicationConfiguration>", "MalformedXML")]
    [InlineData("<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status></Rule></ReplicationConfiguration>", "MalformedXML")]
    [InlineData("<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Destination><Bucket>copy</Bucket></Destination></Rule></ReplicationConfiguration>", "InvalidArgument")]
    [InlineData("<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::none</Bucket></Destination></Rule></ReplicationConfiguration>", "InvalidRequest")]
    [InlineData("<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::bucket</Bucket></Destination></Rule></ReplicationConfiguration>", "InvalidRequest")]
    [InlineData("<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::plain</Bucket></Destination></Rule></ReplicationConfiguration>", "InvalidRequest")]
    [InlineData("<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication><Destination><Bucket>arn:aws:s3:::copy</Bucket></Destination></Rule></ReplicationConfiguration>", "InvalidRequest")]
    public async Task ABadConfigurationIsRefused(string document, string code)
    {
        await using var cloud = await S3Cloud.Start();
        await Versioned(cloud, "bucket", "copy");
        (await cloud.Main.Put("/plain")).Ok();
        (await cloud.Main.Put("/bucket?replication", document)).Code.ShouldBe(code);
        (await cloud.Main.Get("/bucket?replication")).Code.ShouldBe("ReplicationConfigurationNotFoundError");
    }

    [Fact]
    public async Task WithoutVersionsThereIsNoReplicationAndItCanBeTakenAway()
    {
        await using var cloud = await S3Cloud.Start();
        await Versioned(cloud, "copy");
        (await Configure(cloud, "arn:aws:s3:::copy", "<Filter/>")).Code.ShouldBe("InvalidRequest");
        await Versioned(cloud, "bucket");
        (await Configure(cloud, "arn:aws:s3:::copy", "<Filter/>")).Ok();
        (await cloud.Main.Get("/bucket?replication")).Ok().All("ID").ShouldBe(["rule-1"]);
        (await cloud.Main.Delete("/bucket?replication")).Ok();
        (await cloud.Main.Get("/bucket?replication")).Code.ShouldBe("ReplicationConfigurationNotFoundError");
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        (await cloud.Main.Head("/bucket/key"))["x-amz-replication-status"].ShouldBeNull();
    }

    [Fact]
    public async Task A_replica_of_what_nothing_keeps_is_kept_as_its_own_bucket_says()
    {
        await using var cloud = await S3Cloud.Start();
        await Locked(cloud);
        (await cloud.Main.Put("/copy?object-lock", "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>3</Days></DefaultRetention></Rule></ObjectLockConfiguration>")).Ok();
        (await cloud.Main.Put("/source/later", "x")).Ok();
        await Until(async () => (await cloud.Main.Head("/copy/later"))["x-amz-replication-status"] == "REPLICA");
        (await cloud.Main.Head("/copy/later"))["x-amz-object-lock-mode"].ShouldBe("COMPLIANCE");
        (await cloud.Main.Head("/source/later"))["x-amz-object-lock-mode"].ShouldBeNull();
        (await cloud.Main.Head("/copy/key"))["x-amz-object-lock-mode"].ShouldBeNull("it was there before");
    }

    // Two buckets with object lock, and an object in both.
    private static async Task Locked(S3Cloud cloud)
    {
        (await cloud.Main.Put("/source", "", ("x-amz-bucket-object-lock-enabled", "true"))).Ok();
        (await cloud.Main.Put("/copy", "", ("x-amz-bucket-object-lock-enabled", "true"))).Ok();
        (await cloud.Main.Put("/source?replication", Document("arn:aws:s3:::copy", "<Filter/><DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication>"))).Ok();
        (await cloud.Main.Put("/source/key", "x")).Ok();
        await Until(async () => (await cloud.Main.Head("/copy/key"))["x-amz-replication-status"] == "REPLICA");
    }

    private static async Task Versioned(S3Cloud cloud, params string[] buckets)
    {
        foreach (var bucket in buckets)
        {
            (await cloud.Main.Put("/" + bucket)).Ok();
            (await cloud.Main.Put($"/{bucket}?versioning", Versions)).Ok();
        }
    }

    private static async Task Target(S3Cloud from, S3Cloud to) => (await from.Main.Form(
        "s3", ("Action", "PutReplicationTarget"), ("Name", "other"), ("Endpoint", to.Door.GetLeftPart(UriPartial.Authority)), ("AccessKeyId", to.Main.Access), ("SecretAccessKey", to.Main.Secret))).Ok();

    private static Task<S3Answer> Configure(S3Cloud cloud, string arn, string more) => cloud.Main.Put("/bucket?replication", Document(arn, more));

    private static string Document(string arn, string more) =>
        $"<ReplicationConfiguration><Role>arn:aws:iam::1:role/r</Role><Rule><Priority>1</Priority><Status>Enabled</Status>{more}<Destination><Bucket>{arn}</Bucket></Destination></Rule></ReplicationConfiguration>";

    private static Task Until(Func<Task<bool>> holds) => KeepingTests.Until(holds);
}
