using System.Text;
using System.Text.Json;

namespace Ciel.Tests.Attack;

/// <summary>A request that made something, kept so that others may send it again.</summary>
internal sealed record Deed(HttpMethod Method, string Path, string Body);

/// <summary>
/// A tenant who has one of everything. Its ids are known by the segment that comes before them in a path, and by the parameter's
/// name.
/// </summary>
internal sealed partial class Estate
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBZKmaUP5KxNr0WqquOg4HoAd3KPTjsVzYGNJesazjf/ test";
    private readonly TestCloud _cloud;
    private readonly string _admin;
    private readonly Dictionary<string, string> _ids = [];

    private Estate(TestCloud cloud, string admin, string projectId, string token) => (_cloud, _admin, ProjectId, Token) = (cloud, admin, projectId, token);

    public string ProjectId { get; }

    public string Token { get; }

    /// <summary>Every id that is this tenant's alone; names may be another's, too.</summary>
    public IReadOnlyCollection<string> Ids => [.. _ids.Where(i => i.Key is not ("tags" or "os-keypairs")).Select(i => i.Value)];

    public List<Deed> Deeds { get; } = [];

    public string this[string segment] => _ids[segment];

    /// <summary>What stands for a parameter of a route: the tenant's own where there is such a thing.</summary>
    public string Fill(string parameter, string segment) => _ids.GetValueOrDefault(segment) ?? _ids.GetValueOrDefault(parameter + "s") ?? parameter switch
    {
        "project" or "tenant" or "target" => ProjectId,
        "actor" => _ids["users"],
        "member" => ProjectId,
        "domain" => "default",
        _ => parameter + "-x",
    };

    public static async Task<Estate> Make(TestCloud cloud, string name)
    {
        var (project, token) = await cloud.Tenant(name);
        var estate = new Estate(cloud, await cloud.AdminToken(), project, token);
        await estate.MakeIdentity(name);
        await estate.MakeNetwork(name);
        await estate.MakeImages(name);
        await estate.MakeCompute(name);
        await estate.MakeBilling(name);
        return estate;
    }

    private async Task MakeIdentity(string name)
    {
        var users = await _cloud.Send(HttpMethod.Get, "/identity/v3/users?name=" + name, _admin);
        var user = users.GetProperty("users")[0].GetProperty("id").GetString()!;
        (_ids["projects"], _ids["users"], _ids["os-quota-sets"], _ids["quotas"], _ids["os-simple-tenant-usage"]) = (ProjectId, user, ProjectId, ProjectId, ProjectId);
        _ids["tags"] = "tag-of-" + name;
        await Do(HttpMethod.Put, $"/identity/v3/projects/{ProjectId}/tags/{_ids["tags"]}", null, _admin);
        await Make("/identity/v3/groups", "group", $$"""{"name":"g-{{name}}","domain_id":"default"}""", _admin);
        await Do(HttpMethod.Put, $"/identity/v3/groups/{_ids["groups"]}/users/{user}", null, _admin);
        await Make($"/identity/v3/users/{user}/application_credentials", "application_credential", """{"name":"robot","access_rules":[{"path":"/v2.1/servers","method":"GET","service":"compute"}]}""");
        _ids["access_rules"] = (await _cloud.Send(HttpMethod.Get, $"/identity/v3/users/{user}/access_rules", Token)).GetProperty("access_rules")[0].GetProperty("id").GetString()!;
        await Make("/identity/v3/credentials", "credential", $$"""{"type":"totp","blob":"GEZDGNBVGY3TQOJQ","user_id":"{{user}}"}""");
        var ec2 = await _cloud.Send(HttpMethod.Post, $"/identity/v3/users/{user}/credentials/OS-EC2", Token, new { tenant_id = ProjectId });
        _ids["OS-EC2"] = ec2.GetProperty("credential").GetProperty("access").GetString()!;
        var trustee = (await _cloud.Send(HttpMethod.Get, "/identity/v3/users?name=admin", _admin)).GetProperty("users")[0].GetProperty("id").GetString();
        await Make("/identity/v3/OS-TRUST/trusts", "trust", $$"""{"trustor_user_id":"{{user}}","trustee_user_id":"{{trustee}}","project_id":"{{ProjectId}}","impersonation":false,"roles":[{"name":"member"}]}""");
    }

    private async Task MakeNetwork(string name)
    {
        const string Root = "/network/v2.0/";
        var outside = (await _cloud.Send(HttpMethod.Get, Root + "networks?name=public", _admin)).GetProperty("networks")[0].GetProperty("id").GetString();
        await Make(Root + "networks", "network", $$"""{"name":"lan-{{name}}","description":"d","mtu":1400}""");
        await Make(Root + "subnets", "subnet", $$"""{"name":"s","network_id":"{{this["networks"]}}","cidr":"10.0.0.0/24","ip_version":4,"dns_nameservers":["10.0.0.9"],"allocation_pools":[{"start":"10.0.0.20","end":"10.0.0.200"}],"host_routes":[{"destination":"10.9.0.0/16","nexthop":"10.0.0.7"}]}""");
        await Make(Root + "routers", "router", $$$"""{"name":"r","external_gateway_info":{"network_id":"{{{outside}}}"}}""");
        await Do(HttpMethod.Put, Root + $"routers/{this["routers"]}/add_router_interface", $$"""{"subnet_id":"{{this["subnets"]}}"}""");
        await Make(Root + "security-groups", "security_group", """{"name":"web","description":"d"}""");
        await Make(Root + "security-group-rules", "security_group_rule", $$"""{"security_group_id":"{{this["security-groups"]}}","direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":80,"port_range_max":81,"remote_ip_prefix":"10.0.0.0/8"}""");
        await Make(Root + "ports", "port", $$"""{"name":"p","network_id":"{{this["networks"]}}","security_groups":["{{this["security-groups"]}}"],"fixed_ips":[{"subnet_id":"{{this["subnets"]}}","ip_address":"10.0.0.30"}],"allowed_address_pairs":[{"ip_address":"10.0.0.77"}]}""");
        await Make(Root + "floatingips", "floatingip", $$"""{"floating_network_id":"{{outside}}","port_id":"{{this["ports"]}}"}""");
        await Make(Root + "address-scopes", "address_scope", """{"name":"a","ip_version":4}""");
        await Make(Root + "subnetpools", "subnetpool", $$"""{"name":"sp","prefixes":["10.20.0.0/16"],"default_prefixlen":24,"min_prefixlen":"20","address_scope_id":"{{this["address-scopes"]}}"}""");
        await Make(Root + "address-groups", "address_group", """{"name":"ag","addresses":["10.1.0.0/16"]}""");
        await Make(Root + "rbac-policies", "rbac_policy", $$"""{"object_type":"security_group","object_id":"{{this["security-groups"]}}","action":"access_as_shared","target_tenant":"{{new string('c', 32)}}"}""");
        await Do(HttpMethod.Put, Root + $"networks/{this["networks"]}/tags/{this["tags"]}", null);
    }

    private async Task MakeImages(string name)
    {
        await Make("/image/v2/images", null, $$"""{"name":"disk-{{name}}","disk_format":"raw","container_format":"bare","visibility":"shared","tags":["{{this["tags"]}}"],"min_disk":0,"os_distro":"none"}""");
        using var bytes = new ByteArrayContent(Images.Samples.Raw()) { Headers = { ContentType = new("application/octet-stream") } };
        await _cloud.Send(HttpMethod.Put, $"/image/v2/images/{this["images"]}/file", Token, bytes);
        await Do(HttpMethod.Post, $"/image/v2/images/{this["images"]}/members", $$"""{"member":"{{new string('c', 32)}}"}""");
    }

    private async Task MakeCompute(string name)
    {
        const string Root = "/compute/v2.1/";
        _ids["os-keypairs"] = "key-of-" + name;
        await Do(HttpMethod.Post, Root + "os-keypairs", $$$"""{"keypair":{"name":"{{{this["os-keypairs"]}}}","public_key":"{{{Key}}}"}}""");
        await Make(Root + "os-server-groups", "server_group", """{"name":"sg","policies":["anti-affinity"]}""");
        await Make(Root + "flavors", "flavor", $$"""{"name":"f-{{name}}","ram":64,"vcpus":1,"disk":1,"id":"flavor-of-{{name}}","os-flavor-access:is_public":false}""", _admin);
        await Do(HttpMethod.Post, Root + $"flavors/{this["flavors"]}/action", $$$"""{"addTenantAccess":{"tenant":"{{{ProjectId}}}"}}""", _admin);
        await Make(
            Root + "servers",
            "server",
            $$"""{"name":"vm-{{name}}","flavorRef":"{{this["flavors"]}}","imageRef":"{{this["images"]}}","key_name":"{{this["os-keypairs"]}}","metadata":{"a":"b"},"user_data":"aGVsbG8=","security_groups":[{"name":"web"}],"networks":[{"uuid":"{{this["networks"]}}"}]}""");
        for (var i = 0; i < 400 && await Status() != "ACTIVE"; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        (await Status()).ShouldBe("ACTIVE");
    }

    private async Task<string?> Status() =>
        (await _cloud.Send(HttpMethod.Get, "/compute/v2.1/servers/" + this["servers"], Token)).GetProperty("server").GetProperty("status").GetString();

    /// <summary>Makes one thing and keeps its id under the collection's name.</summary>
    private async Task Make(string path, string? wrapper, string attributes, string? token = null)
    {
        var made = await Do(HttpMethod.Post, path, wrapper is null ? attributes : $"{{\"{wrapper}\":{attributes}}}", token);
        _ids[path.Split('/')[^1]] = (wrapper is null ? made : made.GetProperty(wrapper)).GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> Do(HttpMethod method, string path, string? body, string? token = null)
    {
        if (body is not null)
        {
            Deeds.Add(new(method, path, body));
        }

        return await _cloud.Send(method, path, token ?? Token, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
    }
}
