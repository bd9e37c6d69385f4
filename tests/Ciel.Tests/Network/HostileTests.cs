using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ciel.Tests.Network;

/// <summary>Every route that there is, with what no client should send: always the API's own error, never a 500, nothing half-made left.</summary>
public class HostileTests
{
    private readonly Dictionary<HttpStatusCode, int> _answers = [];

    private static readonly string[] Bodies =
    [
        "", "{", "[]", "null", "1", "\"x\"", "{}", "{\"a\":{\"b\":{}}}", "{\"network\":1}", "{\"network\":{\"name\":1}}",
    ];

    private static readonly string[] Names =
    [
        "network", "subnet", "port", "router", "floatingip", "security_group", "security_group_rule", "subnetpool", "address_group", "address_scope",
        "rbac_policy", "metering_label", "metering_label_rule", "quota",
    ];

    private static readonly string[] Attributes =
    [
        "name", "description", "admin_state_up", "network_id", "cidr", "ip_version", "gateway_ip", "allocation_pools", "dns_nameservers", "host_routes", "fixed_ips", "mac_address",
        "security_groups", "allowed_address_pairs", "extra_dhcp_opts", "external_gateway_info", "routes", "floating_network_id", "port_id", "fixed_ip_address", "security_group_id", "direction", "protocol",
        "port_range_min", "remote_ip_prefix", "remote_group_id", "prefixes", "min_prefixlen", "addresses", "object_type", "object_id", "action", "target_tenant", "metering_label_id", "mtu", "project_id",
        "tenant_id", "binding:profile", "subnet_id", "availability_zone_hints", "nonsense",
    ];

    private static readonly string[] Values = ["null", "true", "-1", "1e99", "\"\"", "\"x\\u0000y\"", "\"'; --\"", "[]", "[null]", "[{}]", "[\"\"]", "{}", "{\"a\":[1]}", "99999999999999999999"];

    [Theory]
    [MemberData(nameof(TestStore.Both), MemberType = typeof(TestStore))]
    public async Task EveryRouteAnswersNonsenseWithItsOwnError(string kind)
    {
        await using var cloud = await NetworkCloud.Start(kind, keepers: false);
        var before = await Count(cloud);
        foreach (var (method, path) in Routes(cloud))
        {
            foreach (var id in (string[])["nope", "00000000-0000-0000-0000-000000000000", "%00", "..%2f..%2fetc", "%27%20OR%201=1", new string('x', 2000)])
            {
                await Expect(cloud, method, path.Replace("{id}", id).Replace("{project}", id).Replace("{alias}", id).Replace("{tag}", id).Replace("{network}", id), "{}");
            }

            foreach (var body in Bodies.Append("{\"network\":\"" + new string('x', 200_000) + "\"}"))
            {
                await Expect(cloud, method, path.Replace("{project}", "alice"), body);
            }
        }

        (await Count(cloud)).ShouldBe(before);
        _answers[HttpStatusCode.BadRequest].ShouldBeGreaterThan(200);
        _answers[HttpStatusCode.NotFound].ShouldBeGreaterThan(200);
        _answers[HttpStatusCode.RequestEntityTooLarge].ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task EveryAttributeRefusesWhatItIsNot()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var (network, subnet) = await cloud.Lan("alice");
        var ids = new Dictionary<string, string>
        {
            ["networks"] = network,
            ["subnets"] = subnet,
            ["ports"] = (await cloud.Make("alice", "ports", new { network_id = network })).Id(),
            ["routers"] = (await cloud.Make("alice", "routers", new { })).Id(),
            ["floatingips"] = (await cloud.Make("alice", "floatingips", new { floating_network_id = await cloud.Public() })).Id(),
            ["security-groups"] = (await cloud.Make("alice", "security-groups", new { name = "g" })).Id(),
            ["subnetpools"] = (await cloud.Make("alice", "subnetpools", new { name = "p", prefixes = (string[])["10.0.0.0/8"] })).Id(),
            ["address-groups"] = (await cloud.Make("alice", "address-groups", new { name = "a" })).Id(),
        };
        foreach (var name in Names)
        {
            var path = Paths(name);
            foreach (var token in (string[])["alice", "admin"])
            {
                foreach (var body in Attributes.SelectMany(a => Values.Select(v => $"{{\"{name}\":{{\"network_id\":\"{network}\",\"{a}\":{v}}}}}")))
                {
                    await Expect(cloud, "POST", "/network/v2.0/" + path, body, token);
                    if (ids.TryGetValue(path, out var id))
                    {
                        await Expect(cloud, "PUT", $"/network/v2.0/{path}/{id}", body, token);
                    }
                }
            }
        }

        foreach (var (method, path) in Routes(cloud).Where(r => r.Method == "GET" && !r.Path.Contains('{')))
        {
            foreach (var query in (string[])["limit=x", "limit=-1", "marker=nope", "sort_key=nope", "sort_dir=up&sort_key=id", "nope=1", "id=%00", "fields=%00", "limit=99999999999", "name=%27", "mtu=x", "tags=a,%22", "fixed_ips=x", "fixed_ips=ip_address%3D%00"])
            {
                await Expect(cloud, method, path + "?" + query, "");
            }
        }
    }

    [Fact]
    public async Task EveryRouteButDiscoveryWantsAToken()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        foreach (var (method, path) in Routes(cloud).Where(r => r.Path is not ("/network" or "/network/v2.0")))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await cloud.Client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
            answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Keystone uri=");
        }
    }

    [Fact]
    public async Task AReaderChangesNothing()
    {
        await using var cloud = await NetworkCloud.Start("sqlite", keepers: false);
        var (network, _) = await cloud.Lan("alice");
        (await cloud.Get("alice:reader", "networks/" + network)).Id().ShouldBe(network);
        (await cloud.Fails(HttpMethod.Put, "networks/" + network, "alice:reader", new { network = new { name = "x" } })).ShouldBe((403, "PolicyNotAuthorized"));
        (await cloud.Fails(HttpMethod.Delete, "networks/" + network, "alice:reader")).Status.ShouldBe(403);
        (await cloud.Fails(HttpMethod.Post, "networks", "alice:reader", new { network = new { } })).Status.ShouldBe(403);
        (await cloud.Fails(HttpMethod.Put, $"networks/{network}/tags/x", "alice:reader")).Status.ShouldBe(403);
    }

    private static IEnumerable<(string Method, string Path)> Routes(NetworkCloud cloud) =>
        from endpoint in cloud.Parts.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
        where methods is not null
        select (methods[0], endpoint.RoutePattern.RawText!);

    private static string Paths(string name) => name switch
    {
        "rbac_policy" => "rbac-policies",
        "quota" => "quotas/alice",
        _ when name.StartsWith("metering", StringComparison.Ordinal) => "metering/" + name.Replace('_', '-') + "s",
        _ => name.Replace('_', '-') + "s",
    };

    private static Task<long> Count(NetworkCloud cloud) => cloud.Db.Read(r => r.Scalar<long>(
        "SELECT (SELECT COUNT(*) FROM network_network) + (SELECT COUNT(*) FROM network_port) + (SELECT COUNT(*) FROM network_router) + (SELECT COUNT(*) FROM network_address)"));

    private async Task Expect(NetworkCloud cloud, string method, string path, string body, string token = "alice")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-Auth-Token", token);
        if (method is "POST" or "PUT")
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var answer = await cloud.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        _answers[answer.StatusCode] = _answers.GetValueOrDefault(answer.StatusCode) + 1;
        ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {path} {(body.Length > 300 ? body[..300] : body)}: {text}");
        if (!answer.IsSuccessStatusCode && text.Length > 0)
        {
            text.ShouldStartWith("{\"NeutronError\"", customMessage: $"{method} {path}");
        }
    }
}
