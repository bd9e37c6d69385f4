using System.Text;
using System.Text.Json;
using Ciel.Services.Compute;
using Ciel.Services.Network;
using static Ciel.Tests.Compute.SampleServer;

namespace Ciel.Tests.Compute;

public class GuestTreesTests
{
    private static readonly PortInfo Port = new(
        "0194f2a0-0000-7000-8000-0000000000bb",
        "net",
        "private",
        1450,
        "p",
        "fa:16:3e:00:00:01",
        Active.Id,
        [new PortAddress("10.0.0.5", "sub", "10.0.0.0/24", "10.0.0.1", ["10.0.0.2"], "198.51.100.9", Dhcp: true)],
        "ACTIVE");

    private static readonly GuestAsker Asker = new(
        Active with
        {
            KeyName = "mine",
            PublicKey = "ssh-ed25519 AAAA me",
            UserData = Convert.ToBase64String("#!/bin/sh"u8),
            Metadata = "{\"role\":\"web\"}",
        },
        [Port],
        ["default"]);

    private static string Text(Ciel.Agent.Contract.MetadataAnswer? answer) => Encoding.UTF8.GetString(answer.ShouldNotBeNull().Body);

    [Fact]
    public void OpenStackTellsWhatItIs()
    {
        var data = JsonDocument.Parse(Text(OpenStackTree.Answer(Asker, ["latest", "meta_data.json"]))).RootElement;
        data.GetProperty("uuid").GetString().ShouldBe(Active.Id);
        data.GetProperty("public_keys").GetProperty("mine").GetString().ShouldBe("ssh-ed25519 AAAA me");
        data.GetProperty("meta").GetProperty("role").GetString().ShouldBe("web");
        Text(OpenStackTree.Answer(Asker, ["2012-08-10", "user_data"])).ShouldBe("#!/bin/sh");
        Text(OpenStackTree.Answer(Asker, [])).ShouldEndWith("latest");
        Text(OpenStackTree.Answer(Asker, ["latest"])).ShouldContain("network_data.json");
        OpenStackTree.Answer(Asker, ["2011-01-01"]).ShouldBeNull();
        OpenStackTree.Answer(Asker, ["latest", "secrets"]).ShouldBeNull();
    }

    [Fact]
    public void NetworkDataTellsFixedAddressesWhereNoDhcpDoes()
    {
        var asker = Asker with { Ports = [Port with { Addresses = [Port.Addresses[0] with { Dhcp = false }] }] };
        var data = JsonDocument.Parse(Text(OpenStackTree.Answer(asker, ["latest", "network_data.json"]))).RootElement;
        data.GetProperty("links")[0].GetProperty("mtu").GetInt32().ShouldBe(1450);
        var network = data.GetProperty("networks")[0];
        network.GetProperty("type").GetString().ShouldBe("ipv4");
        network.GetProperty("netmask").GetString().ShouldBe("255.255.255.0");
        network.GetProperty("routes")[0].GetProperty("gateway").GetString().ShouldBe("10.0.0.1");
        data.GetProperty("services")[0].GetProperty("address").GetString().ShouldBe("10.0.0.2");
    }

    [Fact]
    public void WithoutKeyAndUserDataTheyAreNotListed()
    {
        var asker = Asker with { Server = Active };
        Text(Ec2Tree.Answer(asker, ["latest"])).ShouldBe("meta-data/");
        Text(Ec2Tree.Answer(asker, ["latest", "meta-data"])).ShouldNotContain("public-keys");
        Ec2Tree.Answer(asker, ["latest", "user-data"]).ShouldBeNull();
        OpenStackTree.Answer(asker, ["latest", "user_data"]).ShouldBeNull();
    }

    [Theory]
    [InlineData("latest/meta-data/hostname", "web")]
    [InlineData("latest/meta-data/local-ipv4", "10.0.0.5")]
    [InlineData("2009-04-04/meta-data/public-ipv4", "198.51.100.9")]
    [InlineData("latest/meta-data/public-keys", "0=mine")]
    [InlineData("latest/meta-data/public-keys/0", "openssh-key")]
    [InlineData("latest/meta-data/public-keys/0/openssh-key", "ssh-ed25519 AAAA me")]
    [InlineData("latest/meta-data/placement/availability-zone", "nova")]
    [InlineData("latest/meta-data/security-groups", "default")]
    [InlineData("latest/user-data", "#!/bin/sh")]
    public void Ec2TellsTheSameAsATree(string path, string told) => Text(Ec2Tree.Answer(Asker, path.Split('/'))).ShouldBe(told);

    [Theory]
    [InlineData("1.0/meta-data/public-ipv4")]
    [InlineData("2007-08-29/meta-data/placement")]
    [InlineData("latest/meta-data/nothing")]
    [InlineData("latest/meta-data/hostname/more")]
    [InlineData("1999-01-01")]
    [InlineData("latest/dynamic")]
    public void WhatEc2DoesNotHaveIsMissing(string path) => Ec2Tree.Answer(Asker, path.Split('/')).ShouldBeNull();
}
