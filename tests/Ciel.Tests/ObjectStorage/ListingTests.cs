using Ciel.Services.ObjectStorage.Listing;
using CsCheck;

namespace Ciel.Tests.ObjectStorage;

/// <summary>Listings against a model: sorted keys, grouped by hand.</summary>
public class ListingTests
{
    private static readonly Gen<string> Keys = One("a", "b", "/", "a/", "\u00fc", "\ud7ff", "\ue000", "\U0010ffff", "~").Array[1, 5].Select(string.Concat);

    [Fact]
    public Task PagesTogetherAreTheWhole() => Gen.Select(Keys.Array[0, 40], One("", "a", "a/", "\ud7ff", "\U0010ffff"), One<string?>(null, "/", "b"), Gen.Int[1, 7]).SampleAsync(async (keys, prefix, delimiter, most) =>
    {
        var sorted = keys.Distinct().OrderBy(k => k, Comparer<string>.Create(Bytes)).ToList();
        var names = new List<string>();
        Position? next = null;
        do
        {
            var page = await new Walk<string>((after, end, take) => Task.FromResult(Fetch(sorted, after, end, take)), k => new Position(k), prefix, delimiter, most).Run(next);
            (page.Items.Count + page.Prefixes.Count).ShouldBeLessThanOrEqualTo(most);
            names.AddRange(page.Items.Concat(page.Prefixes).OrderBy(k => k, Comparer<string>.Create(Bytes)));
            next = page.Next;
        }
        while (next is not null);

        names.ShouldBe(sorted.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => Common(k, prefix, delimiter)).Distinct());
    });

    [Fact]
    public void TheSuccessorEndsWhatBeginsWithAPrefix() => Gen.Select(Keys, Keys).Sample((prefix, key) =>
    {
        if (Position.Successor(prefix) is { } end)
        {
            (Bytes(key, prefix) >= 0 && Bytes(key, end) < 0).ShouldBe(key.StartsWith(prefix, StringComparison.Ordinal));
        }
        else
        {
            prefix.Replace("\U0010ffff", "", StringComparison.Ordinal).ShouldBeEmpty();
        }
    });

    [Theory, MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task BothDatabasesSortByBytes(string kind)
    {
        await using var cloud = await S3Cloud.Start(kind);
        foreach (var key in (string[])["Z", "a", "a/1", "a/2", "a0", "%C3%BC", "%EE%80%80", "%F0%90%80%80"])
        {
            (await cloud.Main.Put("/bucket/" + key, "x")).Ok();
        }

        (await cloud.Main.Get("/bucket")).All("Key").ShouldBe(["Z", "a", "a/1", "a/2", "a0", "ü", "\ue000", "\U00010000"]);
        var first = await cloud.Main.Get("/bucket?delimiter=%2F&list-type=2&max-keys=3");
        first.All("Key").ShouldBe(["Z", "a"]);
        first.Xml.Descendants().Where(e => e.Name.LocalName == "CommonPrefixes").Select(e => e.Value).ShouldBe(["a/"]);
        var rest = await cloud.Main.Get($"/bucket?continuation-token={first.All("NextContinuationToken").Single()}&delimiter=%2F&list-type=2&max-keys=9");
        rest.All("Key").ShouldBe(["a0", "ü", "\ue000", "\U00010000"]);
        rest.All("IsTruncated").ShouldBe(["false"]);
    }

    private static List<string> Fetch(List<string> sorted, Position after, string? end, int take) =>
        [.. sorted.Where(k => after.Rank == long.MinValue ? Bytes(k, after.Key) >= 0 : Bytes(k, after.Key) > 0).Where(k => end is null || Bytes(k, end) < 0).Take(take)];

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Common(string key, string prefix, string? delimiter) =>
        delimiter is not null && key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is >= 0 and var at ? key[..(at + delimiter.Length)] : key;

    private static int Bytes(string? a, string? b) => System.Text.Encoding.UTF8.GetBytes(a!).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b!));
}
