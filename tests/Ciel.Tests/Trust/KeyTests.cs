using Ciel.Core.Host;
using Ciel.Core.Trust;
using Ciel.Core.Trust.Host;

namespace Ciel.Tests.Trust;

public class KeyTests
{
    [Fact]
    public void TheRootKeyIsMadeOnceAndForItsOwnerOnly()
    {
        var directory = Directory.CreateTempSubdirectory("ciel-root-");
        try
        {
            var path = Path.Combine(directory.FullName, "sub", "root.key");
            var made = RootKeyFile.Open(path, new SystemSecrets());
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            RootKeyFile.Open(path, new SystemSecrets()).Newest.ShouldBe(made.Newest);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Should.Throw<InvalidOperationException>(() => RootKeyFile.Open(path, new SystemSecrets())).Message.ShouldContain("chmod 600");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllText(path, "nonsense\n");
            Should.Throw<InvalidOperationException>(() => RootKeyFile.Open(path, new SystemSecrets())).Message.ShouldContain("not a root key file");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task SecretsOpenAboutTheSameThingOnly(string kind)
    {
        await using var parts = await TrustParts.Open(kind);
        var text = await parts.Envelope().Seal("s3 secret ü", "credential a");
        text.ShouldNotContain("secret");
        (await parts.Envelope().Open(text, "credential a")).ShouldBe("s3 secret ü");
        await Should.ThrowAsync<InvalidOperationException>(async () => await parts.Envelope().Open(text, "credential b"));
        foreach (var wrong in new[] { "", "1", "1:", "x:AAAA", "99:" + text[2..], text[..^2] })
        {
            await Should.ThrowAsync<InvalidOperationException>(async () => await parts.Envelope().Open(wrong, "credential a"), wrong);
        }
    }

    [Fact]
    public async Task AfterRotationOldSecretsOpenAndNewOnesUseTheNewKey()
    {
        await using var parts = await TrustParts.Open();
        var ring = parts.Ring();
        var old = await parts.Envelope(ring).Seal("old", "a");
        var number = await ring.Rotate();
        parts.Time.Pass(TimeSpan.FromMinutes(1));
        (await parts.Envelope(ring).Seal("new", "a")).ShouldStartWith(number + ":");
        (await parts.Envelope(ring).Open(old, "a")).ShouldBe("old");
    }

    [Fact]
    public async Task TheRootKeyCanBeReplaced()
    {
        await using var parts = await TrustParts.Open();
        var text = await parts.Envelope().Seal("kept", "a");
        var both = parts.Root.Renewed(new SystemSecrets());
        await parts.Ring(both).WrapAgain(both);
        (await parts.Envelope(parts.Ring(both.WithoutOld())).Open(text, "a")).ShouldBe("kept");
        (await Should.ThrowAsync<InvalidOperationException>(async () => await parts.Envelope(parts.Ring()).Open(text, "a"))).Message.ShouldContain(both.Newest);
    }

    [Fact]
    public async Task AStolenStoreOpensNothingWithAnotherRootKey()
    {
        await using var parts = await TrustParts.Open();
        var text = await parts.Envelope().Seal("kept", "a");
        var stranger = parts.Ring(RootKeys.New(new SystemSecrets()));
        await Should.ThrowAsync<InvalidOperationException>(async () => await parts.Envelope(stranger).Open(text, "a"));
    }
}
