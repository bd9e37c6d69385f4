using Ciel.Tests.Network;

namespace Ciel.Tests.Attack;

public class LineFeedTests
{
    /// <summary>Regression: a name that ends with a line feed was taken, and written towards the name server's files.</summary>
    [Fact]
    public async Task NamesThatEndInALineFeedAreRefused()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var (network, _) = await cloud.Lan("bob");
        foreach (var fields in new object[] { new { network_id = network, dns_name = "a\n" }, new { network_id = network, extra_dhcp_opts = new[] { new { opt_name = "67\n", opt_value = "x" } } } })
        {
            (await cloud.Fails(HttpMethod.Post, "ports", "bob", new { port = fields })).Status.ShouldBe(400);
        }
    }
}
