using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Ciel.Live.FirstLight;
using Ciel.Tests.ObjectStorage;

namespace Ciel.Live.Objects;

/// <summary>kill -9 at random moments while objects come and go, with an oracle of what was answered. CIEL_KILLS sets how often (the full run is 200).</summary>
[Collection("whole clouds")]
public sealed class ObjectKillTests : IDisposable
{
    private const int Grace = 10;
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("CIEL_KILLS") ?? "4", CultureInfo.InvariantCulture);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private readonly HttpClient _http = new();
    private readonly Random _random = new(20261123);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task What_was_answered_is_there_whole_and_nothing_else_stays()
    {
        await using var cloud = await LiveCloud.Start("okill", 9520, "--simulate", "1", "--blob-grace", $"{Grace}");
        var client = new RequestTally(await Login(cloud));
        ObjectLoad[] loads = [.. Enumerable.Range(0, 4).Select(n => new ObjectLoad(client, n % 2 == 0 ? "plain" : "kept", n))];
        (await client.Send(HttpMethod.Put, "/plain", [])).ShouldNotBeNull().Ok();
        (await client.Send(HttpMethod.Put, "/kept", [])).ShouldNotBeNull().Ok();
        (await client.Send(HttpMethod.Put, "/kept?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"u8.ToArray())).ShouldNotBeNull().Ok();
        for (var i = 0; i < Kills; i++)
        {
            await KillDuringWork(cloud, loads);
        }

        await ListingsMatch(client, "plain", loads);
        await ListingsMatch(client, "kept", loads);
        await AbortUploads(client);
        await LedgerMatches(cloud, client);
        await Until(async () => (await cloud.Try("objects", "fsck", "--json")).Output.Trim() == "[]", "rows and bytes agree, and every byte is whole");
        await Empty(client, loads);
        await Until(() => Task.FromResult(!Files(cloud).Any()), "no bytes stay that no row names");
    }

    private async Task<S3Client> Login(LiveCloud cloud)
    {
        var variables = JsonDocument.Parse(await cloud.Ciel("env", "--json")).RootElement;
        string Variable(string name) => variables.GetProperty(name).GetString()!;
        return new S3Client(_http, new Uri(Variable("AWS_ENDPOINT_URL")), Variable("AWS_ACCESS_KEY_ID"), Variable("AWS_SECRET_ACCESS_KEY"));
    }

    private async Task KillDuringWork(LiveCloud cloud, ObjectLoad[] loads)
    {
        var work = loads.Select(load => load.Run()).ToArray();
        await Task.Delay(_random.Next(50, 1500), TestContext.Current.CancellationToken);
        using (var process = Process.GetProcessById(cloud.Pid))
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(work);
        await cloud.Up();
        await Task.WhenAll(loads.Select(load => load.Verify()));
    }

    private static async Task ListingsMatch(RequestTally client, string bucket, ObjectLoad[] loads)
    {
        var listed = (await client.Send(HttpMethod.Get, $"/{bucket}?list-type=2")).ShouldNotBeNull().Ok();
        listed.All("Key").Zip(listed.All("Size")).Select(o => $"/{bucket}/{o.First} {o.Second}").ShouldBe(loads.SelectMany(l => l.All)
            .Where(k => k.Known is not null && k.Path.StartsWith($"/{bucket}/", StringComparison.Ordinal)).Select(k => $"{k.Path} {k.Known!.Size}").Order(StringComparer.Ordinal));
    }

    private static async Task AbortUploads(RequestTally client)
    {
        foreach (var bucket in (string[])["plain", "kept"])
        {
            var uploads = (await client.Send(HttpMethod.Get, $"/{bucket}?uploads")).ShouldNotBeNull().Ok();
            foreach (var (key, id) in uploads.All("Key").Zip(uploads.All("UploadId")))
            {
                (await client.Send(HttpMethod.Delete, $"/{bucket}/{key}?uploadId={id}")).ShouldNotBeNull().Ok();
            }
        }
    }

    // What is stored is exact; what is counted lies between what was answered and what was asked.
    private static async Task LedgerMatches(LiveCloud cloud, RequestTally client)
    {
        var sizes = 0L;
        foreach (var bucket in (string[])["plain", "kept"])
        {
            sizes += (await Versions(client, bucket)).Sum(v => v.Size);
        }

        await Until(async () => (await Rows(cloud, "--spans")).Where(r => r["meter"] == "object.stored" && r["closed"] == "open")
            .Sum(r => long.Parse(r["quantity"], CultureInfo.InvariantCulture)) == sizes, $"{sizes} bytes are on the ledger");
        foreach (var (meter, (answered, asked)) in client.Counts)
        {
            var counted = 0L;
            await Until(async () => (counted = (await Rows(cloud, "--counts")).Where(r => r["meter"] == meter).Sum(r => long.Parse(r["quantity"], CultureInfo.InvariantCulture))) >= answered, $"{answered} of {meter}");
            counted.ShouldBeLessThanOrEqualTo(asked, meter);
        }
    }

    private static async Task Empty(RequestTally client, ObjectLoad[] loads)
    {
        foreach (var load in loads)
        {
            await load.DeleteAll();
        }

        foreach (var (key, version, _) in await Versions(client, "kept"))
        {
            (await client.Send(HttpMethod.Delete, $"/kept/{key}?versionId={version}")).ShouldNotBeNull().Ok();
        }
    }

    private static async Task<List<(string Key, string Id, long Size)>> Versions(RequestTally client, string bucket)
    {
        var all = new List<(string, string, long)>();
        for (var more = ""; ;)
        {
            var page = (await client.Send(HttpMethod.Get, $"/{bucket}?versions{more}")).ShouldNotBeNull().Ok();
            all.AddRange(page.Xml.Elements().Where(e => e.Name.LocalName is "Version" or "DeleteMarker").Select(e => (Text(e, "Key")!, Text(e, "VersionId")!, long.Parse(Text(e, "Size") ?? "0", CultureInfo.InvariantCulture))));
            if (Text(page.Xml, "NextKeyMarker") is not { } key)
            {
                return all;
            }

            more = $"&key-marker={Uri.EscapeDataString(key)}&version-id-marker={Text(page.Xml, "NextVersionIdMarker")}";
        }
    }

    private static string? Text(XElement of, string name) => of.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private static IEnumerable<string> Files(LiveCloud cloud) => Directory.EnumerateFiles(Path.Combine(cloud.Data, "blobs", "objects"), "*", SearchOption.AllDirectories);

    private static async Task<List<Dictionary<string, string>>> Rows(LiveCloud cloud, string what) => JsonSerializer.Deserialize<List<Dictionary<string, string>>>(await cloud.Ciel("usage", what, "--json"))!;

    private static async Task Until(Func<Task<bool>> holds, string what)
    {
        for (var end = DateTimeOffset.UtcNow + Patience; !await holds(); await Task.Delay(500, TestContext.Current.CancellationToken))
        {
            DateTimeOffset.UtcNow.ShouldBeLessThan(end, "it did not come about: " + what);
        }
    }
}
