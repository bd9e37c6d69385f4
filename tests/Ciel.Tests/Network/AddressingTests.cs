using System.Net;
using Ciel.Core.Errors;
using Ciel.Services.Network;
using CsCheck;

namespace Ciel.Tests.Network;

/// <summary>Addresses, ranges and pools: pure arithmetic for both IP versions.</summary>
public class AddressingTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("::", "::")]
    [InlineData("1.2", null)]
    [InlineData("010.0.0.1", null)]
    [InlineData("0x7f.0.0.1", null)]
    [InlineData("1.2.3.256", null)]
    [InlineData("1.2.3.4 ", null)]
    [InlineData("fe80::1%eth0", null)]
    [InlineData("[::1]", null)]
    [InlineData("", null)]
    [InlineData("ten", null)]
    public void AddressesAreReadStrictlyAndWrittenCanonically(string text, string? canonical) => (Ip.Parse(text)?.ToString()).ShouldBe(canonical);

    [Theory]
    [InlineData("10.0.0.7/24", "10.0.0.0/24")]
    [InlineData("10.0.0.7", "10.0.0.7/32")]
    [InlineData("fd00::1/64", "fd00::/64")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("10.0.0.0/-1", null)]
    [InlineData("10.0.0.0/ 8", null)]
    [InlineData("10.0.0.0/", null)]
    [InlineData("192.168.1./24", null)]
    [InlineData("256", null)]
    public void RangesAreReadStrictly(string text, string? canonical) => (Cidr.Parse(text)?.ToString()).ShouldBe(canonical);

    [Fact]
    public void AnyAddressIsWrittenAndReadAgain() => Gen.Select(Gen.ULong, Gen.ULong, Gen.Bool).Sample((high, low, v6) =>
    {
        var ip = v6 ? new Ip(new UInt128(high, low), 6) : new Ip(low & 0xffffffff, 4);
        Ip.Parse(ip.ToString()).ShouldBe(ip);
        IPAddress.Parse(ip.ToString()).ToString().ShouldBe(ip.ToString());
    });

    [Fact]
    public void ARangeHasItsAddressesAndNoOthers() => Gen.Select(Gen.UInt, Gen.Int[0, 32], Gen.UInt).Sample((some, prefix, other) =>
    {
        var range = Cidr.Around(new Ip(some, 4), prefix);
        range.Contains(new Ip(some, 4)).ShouldBeTrue();
        var mask = prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
        range.Contains(new Ip(other, 4)).ShouldBe((some & mask) == (other & mask));
        range.Overlaps(Cidr.Around(new Ip(other, 4), 32)).ShouldBe(range.Contains(new Ip(other, 4)));
        range.Overlaps(Cidr.Around(new Ip(other, 6), 128)).ShouldBeFalse();
    });

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.1", "10.0.0.2-10.0.0.254")]
    [InlineData("10.0.0.0/24", "10.0.0.254", "10.0.0.1-10.0.0.253")]
    [InlineData("10.0.0.0/24", "10.0.0.100", "10.0.0.1-10.0.0.99 10.0.0.101-10.0.0.254")]
    [InlineData("10.0.0.0/24", null, "10.0.0.1-10.0.0.254")]
    [InlineData("10.0.0.0/31", null, "10.0.0.0-10.0.0.1")]
    [InlineData("fd00::/64", "fd00::1", "fd00::2-fd00::ffff:ffff:ffff:ffff")]
    public void PoolsLeaveTheGatewayOut(string cidr, string? gateway, string pools) =>
        string.Join(' ', Pools.Default(Cidr.Parse(cidr)!.Value, gateway is null ? null : Ip.Parse(gateway)).Select(p => $"{p.Start}-{p.End}")).ShouldBe(pools);

    [Fact]
    public void EveryPlaceInThePoolsIsAnAddressOfThePoolsAndNoneTwice() => Gen.Select(Gen.UInt[0, uint.MaxValue - 300], Gen.Int[24, 29], Gen.Int[1, 5]).Sample((some, prefix, hole) =>
    {
        var range = Cidr.Around(new Ip(some, 4), prefix);
        var pools = Pools.Default(range, range.First.Plus((UInt128)hole));
        var size = pools.Aggregate(UInt128.Zero, (sum, p) => sum + Pools.Size(p));
        var all = Enumerable.Range(0, (int)size).Select(i => Ipam.At(pools, (UInt128)i)).ToArray();
        all.Distinct().Count().ShouldBe((1 << (32 - prefix)) - 3);
        all.ShouldAllBe(ip => range.Contains(ip) && ip != range.First && ip != range.Last && ip != range.First.Plus((UInt128)hole));
    }, iter: 200);

    [Theory]
    [InlineData("10.0.0.9", "10.0.0.5", "InvalidAllocationPool")]
    [InlineData("10.0.0.9", "10.0.1.5", "OutOfBoundsAllocationPool")]
    [InlineData("10.0.0.0", "10.0.0.5", "OutOfBoundsAllocationPool")]
    [InlineData("fd00::1", "fd00::2", "InvalidAllocationPool")]
    [InlineData("x", "y", "InvalidAllocationPool")]
    public void PoolsThatCannotBeAreRefused(string start, string end, string kind) =>
        Should.Throw<Fault>(() => Pools.Checked([new Pool(start, end)], Cidr.Parse("10.0.0.0/24")!.Value)).Kind.ShouldBe(kind);

    [Fact]
    public void PoolsMayNotOverlap() => Should.Throw<Fault>(() => Pools.Checked(
        [new Pool("10.0.0.10", "10.0.0.20"), new Pool("10.0.0.5", "10.0.0.10")], Cidr.Parse("10.0.0.0/24")!.Value)).Status.ShouldBe(409);

    [Theory]
    [InlineData("FA:16:3E:00:00:01", "fa:16:3e:00:00:01")]
    [InlineData("fa-16-3e-00-00-01", "fa:16:3e:00:00:01")]
    [InlineData("fa:16:3e:00:00", null)]
    [InlineData("00:00:00:00:00:00", null)]
    [InlineData("fa:16:3e:00:00:0g", null)]
    public void EthernetAddressesAreReadStrictly(string text, string? canonical) => Mac.Parse(text).ShouldBe(canonical);

    [Fact]
    public void AGuestsOwnAddressFollowsRfc4291() =>
        Mac.Eui64(Cidr.Parse("2003::/64")!.Value, "fa:16:3e:12:34:56").ToString().ShouldBe("2003::f816:3eff:fe12:3456");

    [Fact]
    public void PoolsOfSubnetPoolsAreJoined() => SubnetPoolRules.Compact(
        [Cidr.Parse("10.0.1.0/24")!.Value, Cidr.Parse("10.0.0.0/24")!.Value, Cidr.Parse("10.0.0.128/25")!.Value, Cidr.Parse("10.0.2.0/23")!.Value])
        .Select(c => c.ToString()).ShouldBe(["10.0.0.0/22"]);

    [Fact]
    public void ASubnetPoolGivesRangesThatNeverOverlapUntilItIsEmpty()
    {
        var pool = new SubnetPool { Id = "p", IpVersion = 4, Prefixes = NetworkJson.Of(["10.0.0.0/24", "10.9.0.0/25"]), MinPrefix = 24, MaxPrefix = 32, DefaultPrefix = 26 };
        var taken = new List<Subnet>();
        var wanted = new Subnet { Id = "s", IpVersion = 4 };
        for (var i = 0; i < 6; i++)
        {
            taken.Add(wanted with { Cidr = SubnetPoolRules.Choose(pool, wanted, taken, null, null).ToString() });
        }

        taken.SelectMany((a, i) => taken.Skip(i + 1).Select(b => a.Range.Overlaps(b.Range))).ShouldAllBe(overlap => !overlap);
        Should.Throw<Fault>(() => SubnetPoolRules.Choose(pool, wanted, taken, null, null)).Kind.ShouldBe("SubnetAllocationError");
        Should.Throw<Fault>(() => SubnetPoolRules.Choose(pool, wanted, [], null, 20)).Kind.ShouldBe("MinPrefixSubnetAllocationError");
    }
}
