using Ciel.Core.Errors;
using Ciel.Core.Host;
using Ciel.Core.Trust;
using Ciel.Core.Trust.Host;

namespace Ciel.Tests.Trust;

public class PasswordHasherTests
{
    private static readonly TrustOptions Options = new() { RootKeyPath = "unused", PasswordLanes = 1, PasswordQueue = 2 };

    [Fact]
    public async Task OnlyThePasswordVerifies()
    {
        using var lanes = new PasswordLanes(Options);
        var hasher = new PasswordHasher(lanes, new SystemSecrets());
        var hash = await hasher.Hash("correct horse");
        hash.ShouldStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
        (await hasher.Hash("correct horse")).ShouldNotBe(hash, "salted");
        (await hasher.Verify("correct horse", hash)).ShouldBeTrue();
        (await hasher.Verify("correct horse ", hash)).ShouldBeFalse();
        (await hasher.Verify("", hash)).ShouldBeFalse();
        (await hasher.Verify("correct horse", null)).ShouldBeFalse();
    }

    [Fact]
    public async Task ALongQueueIsRefusedAndTheLanesGoOn()
    {
        using var lanes = new PasswordLanes(Options);
        using var open = new ManualResetEventSlim();
        using var busy = new ManualResetEventSlim();
        var first = lanes.TryRun(() => Wait(busy, open))!;
        busy.Wait(TestContext.Current.CancellationToken);
        var hasher = new PasswordHasher(lanes, new SystemSecrets());
        var waiting = new[] { hasher.Verify("a", null), hasher.Verify("b", null) };
        Should.Throw<Fault>(() => { _ = hasher.Verify("c", null); }).Status.ShouldBe(429);
        open.Set();
        await first;
        (await Task.WhenAll(waiting)).ShouldBe([false, false]);
        (await hasher.Verify("d", null)).ShouldBeFalse();
    }

    [Fact]
    public async Task AFailureReachesItsCallerOnly()
    {
        using var lanes = new PasswordLanes(Options);
        await Should.ThrowAsync<InvalidOperationException>(lanes.TryRun<int>(() => throw new InvalidOperationException())!);
        (await lanes.TryRun(() => 7)!).ShouldBe(7);
    }

    private static int Wait(ManualResetEventSlim busy, ManualResetEventSlim open)
    {
        busy.Set();
        open.Wait();
        return 1;
    }
}
