namespace Ciel.Live.FirstLight;

/// <summary>The main job, and what keeps tenants apart, with unmodified clients: Debian's openstack client and ssh.</summary>
[Collection("whole clouds")]
public class FirstLightTests
{
    [Fact]
    public async Task A_client_boots_a_machine_logs_in_snapshots_and_leaves_nothing()
    {
        await using var cloud = await LiveCloud.Start("light", 9380);
        var output = await cloud.Client(Path.Combine(AppContext.BaseDirectory, "first-light.sh"));
        output.ShouldContain("first light: all of it worked");
        await Leftovers.None(cloud);
    }

    [Fact]
    public async Task Two_tenants_with_the_same_addresses_are_apart_and_what_is_closed_or_forged_does_not_pass()
    {
        await using var cloud = await LiveCloud.Start("two", 9580);
        var output = await cloud.Client(Path.Combine(AppContext.BaseDirectory, "two-tenants.sh"));
        output.ShouldContain("two tenants: all of it worked");
        await Leftovers.None(cloud);
    }
}
