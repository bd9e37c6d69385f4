namespace Ciel.Tests.ObjectStorage;

/// <summary>Operations that are there to say why there is no more to them.</summary>
public class SettingTests
{
    [Fact]
    public async Task AccelerationIsSuspendedOnly()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Get("/bucket?accelerate")).Ok().Xml.HasElements.ShouldBeFalse();
        (await cloud.Main.Put("/bucket?accelerate", "<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>")).Code.ShouldBe("InvalidRequest");
        (await cloud.Main.Put("/bucket?accelerate", "<AccelerateConfiguration><Status>Fast</Status></AccelerateConfiguration>")).Code.ShouldBe("MalformedXML");
        (await cloud.Main.Put("/bucket?accelerate", "<AccelerateConfiguration><Status>Suspended</Status></AccelerateConfiguration>")).Ok();
        (await cloud.Main.Get("/bucket?accelerate")).All("Status").ShouldBe(["Suspended"]);
    }

    [Fact]
    public async Task NothingNeedsToBeRestored()
    {
        await using var cloud = await S3Cloud.Start();
        const string Request = "<RestoreRequest><Days>1</Days></RestoreRequest>";
        (await cloud.Main.Put("/bucket/warm", "x")).Ok();
        (await cloud.Main.Put("/bucket/cold", "x", ("x-amz-storage-class", "GLACIER"))).Ok();
        (await cloud.Main.Post("/bucket/warm?restore", Request)).Code.ShouldBe("InvalidObjectState");
        (await cloud.Main.Post("/bucket/cold?restore", Request)).Ok();
        (await cloud.Main.Post("/bucket/none?restore", Request)).Code.ShouldBe("NoSuchKey");
        (await cloud.Main.Post("/bucket/cold?restore", "junk")).Code.ShouldBe("MalformedXML");
        (await cloud.Main.As(anonymous: true).Post("/bucket/cold?restore", Request)).Code.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task WhatIsNotOfferedSaysSo()
    {
        await using var cloud = await S3Cloud.Start();
        (await cloud.Main.Put("/bucket/key", "x")).Ok();
        (await cloud.Main.Get("/bucket/key?torrent")).Text.ShouldContain("presigned URL");
        (await cloud.Main.Post("/bucket/key?select&select-type=2", "<SelectObjectContentRequest/>")).Code.ShouldBe("MethodNotAllowed");
        (await cloud.Main.As(anonymous: true).Get("/bucket/key?torrent")).Code.ShouldBe("AccessDenied");
    }
}
