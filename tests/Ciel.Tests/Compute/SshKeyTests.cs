using Ciel.Services.Compute;

namespace Ciel.Tests.Compute;

public class SshKeyTests
{
    // Made with ssh-keygen, which gave the fingerprint, too.
    private const string Line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBZKmaUP5KxNr0WqquOg4HoAd3KPTjsVzYGNJesazjf/ test";

    [Fact]
    public void AKeysFingerprintIsAsOpenSshHasIt() => SshKey.Fingerprint(Line).ShouldBe("7c:bf:68:28:dd:5b:c4:27:eb:cc:8f:c7:48:ae:63:3a");

    [Fact]
    public void AGeneratedKeyIsOneItself()
    {
        var (secret, line) = SshKey.Generate();
        secret.ShouldStartWith("-----BEGIN RSA PRIVATE KEY-----");
        SshKey.Fingerprint(line).ShouldNotBeNull().Length.ShouldBe(47);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ssh-rsa")]
    [InlineData("ssh-rsa !!!")]
    [InlineData("ssh-rsa AAAA")]
    [InlineData("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIBZKmaUP5KxNr0WqquOg4HoAd3KPTjsVzYGNJesazjf/ another type")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBZKmaUP5KxNr0WqquOg4HoAd3KPTjsVzYGNJesa cut")]
    [InlineData("password AAAAC3NzaC1lZDI1NTE5")]
    [InlineData("ssh-rsa /////w==")]
    public void WhatIsNoKeyIsRefused(string line) => SshKey.Fingerprint(line).ShouldBeNull();

    [Fact]
    public void ManyZeroesAreNoKey() => SshKey.Fingerprint("ssh-rsa " + new string('A', 2048) + " openstack@ubuntu").ShouldBeNull();
}
