using Ciel.Live.FirstLight;

namespace Ciel.Live.Objects;

/// <summary>Debian's S3 clients do real jobs.</summary>
[Collection("whole clouds")]
public class ClientTests
{
    [Fact]
    public async Task Aws_rclone_s3cmd_restic_and_s3fs_bring_back_every_byte()
    {
        await using var cloud = await LiveCloud.Start("objs", 9500, "--simulate", "1");
        (await cloud.Client(Path.Combine(AppContext.BaseDirectory, "clients.sh"))).ShouldContain("clients: all of it worked");
    }
}
