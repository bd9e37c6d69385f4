using Ciel.Tests.Network;

namespace Ciel.Tests.Attack;

/// <summary>On a network that its owner shares, a guest project's port speaks for itself alone.</summary>
public class SharedNetworkTests
{
    /// <summary>Regression: address pairs let any project on a shared network pass for its neighbours and for the gateway.</summary>
    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task OnlyItsOwnerMayPairAddresses(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var (network, _) = await cloud.Lan("admin");
        await cloud.Send(HttpMethod.Put, "networks/" + network, "admin", new { network = new { shared = true } });
        var port = (await cloud.Make("bob", "ports", new { network_id = network })).Id();
        var pairs = new[] { new { ip_address = "10.0.0.1" } };
        (await cloud.Fails(HttpMethod.Put, "ports/" + port, "bob", new { port = new { allowed_address_pairs = pairs } })).ShouldBe((403, "PolicyNotAuthorized"));
        (await cloud.Fails(HttpMethod.Post, "ports", "bob", new { port = new { network_id = network, allowed_address_pairs = pairs } })).ShouldBe((403, "PolicyNotAuthorized"));
        await cloud.Send(HttpMethod.Put, "ports/" + port, "bob", new { port = new { allowed_address_pairs = Array.Empty<object>(), name = "still mine" } });
        await cloud.Send(HttpMethod.Put, "ports/" + port, "admin", new { port = new { allowed_address_pairs = pairs } });
        await cloud.Send(HttpMethod.Put, "ports/" + port, "bob", new { port = new { name = "what the owner allowed stays" } });
        (await cloud.Get("bob", "ports/" + port)).GetProperty("allowed_address_pairs").GetArrayLength().ShouldBe(1);
    }
}
