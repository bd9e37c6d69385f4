namespace Ciel.Live.FirstLight;

/// <summary>The main job, with unmodified clients: Debian's openstack client and ssh.</summary>
[Collection("whole clouds")]
public class FirstLightTests
{
    [Fact]
    public async Task A_client_boots_a_machine_logs_in_snapshots_and_leaves_nothing()
    {
        await using var cloud = await LiveCloud.Start("light", 9380, "203.0.113.0/24");
        var output = await cloud.Client(Path.Combine(AppContext.BaseDirectory, "first-light.sh"));
        output.ShouldContain("first light: all of it worked");
        await Leftovers.None(cloud);
    }
}
