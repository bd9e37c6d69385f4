using Ciel.Commands;
using Ciel.Hosting;

namespace Ciel.Tests.Commands;

public class PublicRangeTests
{
    // As a host shows them: a default route, a network card's range, another Ciel's, and a route to a single address.
    private static readonly HostRange[] Taken =
    [
        .. HostRange.Routes(
        [
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
            "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0",
            "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
            "ciel-pub\t006433C6\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
            "lo\t050013C6\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0",
        ]),
    ];

    [Fact]
    public void The_kernels_table_is_read() => Taken.Select(taken => $"{taken.Range} {taken.Interface}")
        .ShouldBe(["10.0.0.0/24 eth0", "198.51.100.0/24 ciel-pub", "198.19.0.5/32 lo"]);

    [Theory]
    [InlineData("ciel", "198.51.100.0/24")]
    [InlineData("other", "198.19.1.0/24")]
    public void A_new_instance_takes_the_first_range_that_nobody_else_has(string name, string range) => PublicRange.Free(name, Taken).ShouldBe(range);

    [Theory]
    [InlineData("198.51.100.0/24", "198.51.100.0/24, which this host already reaches by ciel-pub. Choose another, such as --public-cidr 198.19.1.0/24")]
    [InlineData("198.51.0.0/16", "198.51.100.0/24, which this host already reaches by ciel-pub")]
    [InlineData("10.0.0.128/25", "10.0.0.0/24, which this host already reaches by eth0")]
    [InlineData("198.51.101.0/30", "at least 8 addresses, such as 198.19.1.0/24")]
    [InlineData("fd00::/64", "cannot be the public range")]
    [InlineData("nonsense", "cannot be the public range")]
    public void A_range_that_cannot_be_is_refused_with_what_to_do(string range, string message) =>
        Should.Throw<UserErrorException>(() => PublicRange.Check(new CielOptions { Name = "other", PublicCidr = range }, Taken)).Message.ShouldContain(message);

    [Theory]
    [InlineData("ciel", "198.51.100.0/24")]
    [InlineData("other", "198.51.101.0/24")]
    public void A_range_that_is_free_or_its_own_is_taken(string name, string range) =>
        Should.NotThrow(() => PublicRange.Check(new CielOptions { Name = name, PublicCidr = range }, Taken));

    [Fact]
    public void This_hosts_own_ranges_are_found() => HostRange.All().ShouldContain(taken => taken.Interface == "lo" && taken.Range.ToString() == "127.0.0.1/32");
}
