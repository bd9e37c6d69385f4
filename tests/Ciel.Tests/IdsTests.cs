using Ciel.Core;
using Ciel.Core.Host;

namespace Ciel.Tests;

public class IdsTests
{
    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Instant { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Instant;
    }

    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void UuidIsVersion7OfTheInjectedTime()
    {
        var id = new Ids(new At(Noon), new SystemSecrets()).Uuid();
        id.Length.ShouldBe(36);
        Guid.Parse(id).Version.ShouldBe(7);
        (Guid.Parse(id).Variant >> 2).ShouldBe(2);
        Convert.ToInt64(id[..8] + id[9..13], 16).ShouldBe(Noon.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void HexHasNoDashes() => new Ids(new At(Noon), new SystemSecrets()).Hex().ShouldMatch("^[0-9a-f]{32}$");

    [Fact]
    public void LaterIdsSortBehindByTheMicrosecond()
    {
        var time = new At(Noon);
        var ids = new Ids(time, new SystemSecrets());
        var made = Enumerable.Range(0, 5000).Select(_ =>
        {
            time.Instant += TimeSpan.FromMicroseconds(1);
            return ids.Uuid();
        }).ToList();
        made.ShouldBe(made.Order(StringComparer.Ordinal));
        made.Distinct().Count().ShouldBe(5000);
    }

    [Fact]
    public void SameSeedAndTimeGiveTheSameIds()
    {
        static string[] Three()
        {
            var ids = new Ids(new At(Noon), new SeededSecrets(new Random(7)));
            return [ids.Uuid(), ids.Hex(), ids.Uuid()];
        }

        Three().ShouldBe(Three());
        Three().Distinct().Count().ShouldBe(3);
    }
}
