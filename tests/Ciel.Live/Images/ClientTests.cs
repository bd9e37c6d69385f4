using Ciel.Live.FirstLight;

namespace Ciel.Live.Images;

/// <summary>Debian's openstack client handles images.</summary>
[Collection("whole clouds")]
public class ClientTests
{
    [Fact]
    public async Task A_client_makes_shares_saves_and_deletes_images()
    {
        await using var cloud = await LiveCloud.Start("imgs", 9480, "--simulate", "1");
        (await cloud.Client(Path.Combine(AppContext.BaseDirectory, "images.sh"))).ShouldContain("images: all of it worked");
        Directory.GetFiles(Path.Combine(cloud.Data, "blobs"), "*", SearchOption.AllDirectories).Length.ShouldBeLessThanOrEqualTo(1, "only the guest image's bytes may stay");
    }
}
