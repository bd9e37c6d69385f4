using Ciel.Agent.Drivers.Qemu;

namespace Ciel.Tests.Agent.Qemu;

public class UidsTests
{
    [Fact]
    public void Each_is_given_once_and_again_when_given_back()
    {
        var uids = new Uids(100, 3);
        uids.Claim(101);
        new[] { uids.Take(), uids.Take() }.Order().ShouldBe([100, 102]);
        Should.Throw<InvalidOperationException>(() => uids.Take());
        uids.Release(101);
        uids.Take().ShouldBe(101);
    }
}
