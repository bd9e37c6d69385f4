using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Ciel.Live.FirstLight;
using Ciel.Services.Billing.Prices;
using Ciel.Tests.ObjectStorage;

namespace Ciel.Live.Billing;

/// <summary>
/// Real activity of every kind that the price book sells, billed to the second that an observer outside recorded, and to the last request and byte.
/// CIEL_OBSERVED sets how many seconds (the full run is 3600).
/// </summary>
[Collection("whole clouds")]
public sealed class ObservedTests
{
    private const int ImageSize = 64 << 20;
    private const int ObjectSize = 32 << 20;
    private static readonly int Length = int.Parse(Environment.GetEnvironmentVariable("CIEL_OBSERVED") ?? "75", CultureInfo.InvariantCulture);
    private readonly Dictionary<string, string> _made = [];

    [Fact]
    public async Task Everything_that_is_sold_is_billed_to_the_second_that_was_observed()
    {
        await using var cloud = await LiveCloud.Start("observ", 9660, "--simulate", "1");
        using var api = await BillsApi.Login(cloud);
        var observer = new Observer(api);
        using var stop = new CancellationTokenSource();
        var watching = observer.Watch(stop.Token);
        var client = await Objects(cloud);
        (await client.Put("/observed")).Ok();
        var stored = new StoredSeconds();
        await stored.Seen(1, () => client.Send(HttpMethod.Put, "/observed/large", new byte[ObjectSize]));
        var (writes, reads, bytes) = (2, 0, 0L);
        var flavor = await Begin(api);
        for (var end = DateTimeOffset.UtcNow.AddSeconds(Length); DateTimeOffset.UtcNow < end;)
        {
            bytes += (await client.Get("/observed/large")).Bytes.Length;
            (reads, writes) = (reads + 1, writes + 1);
            await stored.Seen(1, () => client.Send(HttpMethod.Put, "/observed/brief", new byte[ObjectSize]));
            await StopAndStart(api);
            await stored.Seen(-1, () => client.Delete("/observed/brief"));
        }

        await stored.Seen(-1, () => client.Delete("/observed/large"));
        (await client.Delete("/observed")).Ok();
        await End(api);
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await watching;
        var billed = await Billed(api);
        BookFile.Read(BookFile.Default).Products.Select(p => p.Id).Except(billed.Select(b => b.Product)).ShouldBeEmpty("sold, and never seen");
        Match(billed, "vcpu", observer.Of("running"), q => q * 3600 / flavor.GetProperty("vcpus").GetDouble());
        Match(billed, "memory", observer.Of("running"), q => q * 3600 * 1024 / flavor.GetProperty("ram").GetDouble());
        Match(billed, "machine-disk", observer.Of("server"), q => q * 730 * 3600 / flavor.GetProperty("disk").GetDouble());
        Match(billed, "public-address", observer.Of("address"), q => q * 3600);
        Match(billed, "image-storage", observer.Of("image").Where(i => i.Id == _made["image"]), q => q * 730 * 3600 * 1e9 / ImageSize);
        Match(billed, "object-storage", [(billed.First(b => b.Product == "object-storage").Resource, stored.Least, stored.Most)], q => q * 730 * 3600 * 1e9 / ObjectSize);
        Sum(billed, "object-writes").ShouldBe(writes / 1000m);
        Sum(billed, "object-reads").ShouldBe(reads / 1000m);
        Sum(billed, "object-egress").ShouldBeGreaterThanOrEqualTo(bytes / 1_000_000_000m);
        Sum(billed, "object-egress").ShouldBeLessThan((bytes + 100_000L) / 1_000_000_000m, "answers to puts have no body to speak of");
    }

    private static void Match(List<Part> billed, string product, IEnumerable<(string Id, double Least, double Most)> observed, Func<double, double> seconds)
    {
        var things = observed.ToList();
        things.ShouldNotBeEmpty(product);
        foreach (var (id, least, most) in things)
        {
            var found = seconds((double)billed.Where(b => b.Product == product && b.Resource == id).Sum(b => b.Quantity));
            found.ShouldBeInRange(least - 1, most + 1, $"{product} of {id}, observed for {least:0.00} to {most:0.00} s");
        }
    }

    private static decimal Sum(List<Part> billed, string product) => billed.Where(b => b.Product == product).Sum(b => b.Quantity);

    private async Task<JsonElement> Begin(BillsApi api)
    {
        var flavor = (await api.Ask(HttpMethod.Get, "/compute/v2.1/flavors/detail?sort_key=memory_mb")).GetProperty("flavors").EnumerateArray().First(f => f.GetProperty("disk").GetInt32() > 0);
        _made["network"] = await Made(api, "/network/v2.0/networks", "network", new { name = "net" });
        var subnet = await Made(api, "/network/v2.0/subnets", "subnet", new { network_id = _made["network"], ip_version = 4, cidr = "10.0.0.0/24" });
        var outside = (await api.Ask(HttpMethod.Get, "/network/v2.0/networks?name=public")).GetProperty("networks")[0].GetProperty("id").GetString();
        _made["router"] = await Made(api, "/network/v2.0/routers", "router", new { name = "r", external_gateway_info = new { network_id = outside } });
        _made["subnet"] = subnet;
        await api.Ask(HttpMethod.Put, $"/network/v2.0/routers/{_made["router"]}/add_router_interface", new { subnet_id = subnet });
        _made["address"] = await Made(api, "/network/v2.0/floatingips", "floatingip", new { floating_network_id = outside });
        _made["image"] = (await api.Ask(HttpMethod.Post, "/image/v2/images", new { name = "observed", disk_format = "raw", container_format = "bare" })).GetProperty("id").GetString()!;
        using var bytes = new ByteArrayContent(new byte[ImageSize]) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        await api.Ask(HttpMethod.Put, $"/image/v2/images/{_made["image"]}/file", bytes);
        var boots = (await api.Ask(HttpMethod.Get, "/image/v2/images")).GetProperty("images").EnumerateArray().First(i => i.GetProperty("id").GetString() != _made["image"]).GetProperty("id").GetString();
        var server = new { name = "observed", flavorRef = flavor.GetProperty("id").GetString(), imageRef = boots, networks = new[] { new { uuid = _made["network"] } } };
        _made["server"] = await Made(api, "/compute/v2.1/servers", "server", server);
        await Status(api, "ACTIVE");
        return flavor;
    }

    private async Task StopAndStart(BillsApi api)
    {
        foreach (var (verb, status) in ((string, string)[])[("os-stop", "SHUTOFF"), ("os-start", "ACTIVE")])
        {
            await api.Ask(HttpMethod.Post, $"/compute/v2.1/servers/{_made["server"]}/action", new Dictionary<string, object?> { [verb] = null });
            await Status(api, status);
            await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        }
    }

    private async Task End(BillsApi api)
    {
        await api.Ask(HttpMethod.Delete, "/compute/v2.1/servers/" + _made["server"]);
        await api.Ask(HttpMethod.Delete, "/network/v2.0/floatingips/" + _made["address"]);
        await api.Ask(HttpMethod.Put, $"/network/v2.0/routers/{_made["router"]}/remove_router_interface", new { subnet_id = _made["subnet"] });
        await api.Ask(HttpMethod.Delete, "/network/v2.0/routers/" + _made["router"]);
        await api.Ask(HttpMethod.Delete, "/image/v2/images/" + _made["image"]);
    }

    private async Task Status(BillsApi api, string wanted)
    {
        for (var tries = 0; ; tries++)
        {
            var server = (await api.Ask(HttpMethod.Get, "/compute/v2.1/servers/" + _made["server"])).GetProperty("server");
            if (server.GetProperty("status").GetString() == wanted && server.GetProperty("OS-EXT-STS:task_state").GetString() is null)
            {
                return;
            }

            tries.ShouldBeLessThan(300, server.ToString());
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string> Made(BillsApi api, string path, string name, object what) =>
        (await api.Ask(HttpMethod.Post, path, new Dictionary<string, object> { [name] = what })).GetProperty(name).GetProperty("id").GetString()!;

    private static async Task<S3Client> Objects(LiveCloud cloud)
    {
        var variables = JsonDocument.Parse(await cloud.Ciel("env", "--json")).RootElement;
        string Variable(string name) => variables.GetProperty(name).GetString()!;
        return new S3Client(new HttpClient(), new Uri(Variable("AWS_ENDPOINT_URL")), Variable("AWS_ACCESS_KEY_ID"), Variable("AWS_SECRET_ACCESS_KEY"));
    }

    // As `openstack rating dataframes get` asks: each resource's quantity of each product.
    private static async Task<List<Part>> Billed(BillsApi api)
    {
        var begin = DateTimeOffset.UtcNow.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var frames = (await api.Ask(HttpMethod.Get, $"/rating/v2/dataframes?limit=10000&begin={begin}&end={DateTimeOffset.UtcNow.AddDays(1):yyyy-MM-dd}")).GetProperty("dataframes");
        return [.. frames.EnumerateArray().SelectMany(f => f.GetProperty("usage").EnumerateObject()).SelectMany(p => p.Value.EnumerateArray().Select(point =>
            new Part(p.Name, point.GetProperty("groupby").GetProperty("id").GetString()!, point.GetProperty("vol").GetProperty("qty").GetDecimal())))];
    }

    private sealed record Part(string Product, string Resource, decimal Quantity);
}
