using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>A new cloud's first machine: a network behind a router, a key, SSH opened, a public address. Made by the doors, as a user would.</summary>
internal static class FirstMachine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The machine as it answers.</summary>
    public sealed record Booted(string Address, string KeyFile);

    /// <summary>Boots it when the admin's project has no server yet; null where there are others already, or no image.</summary>
    public static async Task<Booted?> Ensure(CielOptions options, TimeProvider time, CancellationToken cancel)
    {
        using var cloud = await CloudClient.Login(options, cancel);
        if ((await cloud.Get("/compute/v2.1/servers", cancel)).GetProperty("servers").GetArrayLength() > 0)
        {
            return null;
        }

        var images = (await cloud.Get("/image/v2/images?status=active&limit=1", cancel)).GetProperty("images");
        if (images.GetArrayLength() == 0)
        {
            Console.WriteLine("There is no image yet, so no first machine. Add one with `ciel images add FILE.qcow2`.");
            return null;
        }

        var networkId = await MakeNetwork(cloud, cancel);
        var keyFile = await MakeKey(cloud, options, cancel);
        var portId = await MakePort(cloud, networkId, cancel);
        var address = await MakeAddress(cloud, portId, cancel);
        await MakeServer(cloud, images[0].GetProperty("id").GetString()!, portId, cancel);
        Console.WriteLine("Booting the first machine …");
        await WaitForSsh(cloud, address, time, cancel);
        return new Booted(address, keyFile);
    }

    private static async Task<string> MakeNetwork(CloudClient cloud, CancellationToken cancel)
    {
        var networkId = Id(await cloud.Post("/network/v2.0/networks", new { network = new { name = "first" } }, cancel), "network");
        var subnet = new { name = "first", network_id = networkId, ip_version = 4, cidr = "10.0.0.0/24" };
        var subnetId = Id(await cloud.Post("/network/v2.0/subnets", new { subnet }, cancel), "subnet");
        var gateway = new { network_id = await PublicNetwork(cloud, cancel) };
        var routerId = Id(await cloud.Post("/network/v2.0/routers", new { router = new { name = "first", external_gateway_info = gateway } }, cancel), "router");
        await cloud.Send(HttpMethod.Put, $"/network/v2.0/routers/{routerId}/add_router_interface", new { subnet_id = subnetId }, cancel);
        return networkId;
    }

    private static async Task<string> MakeKey(CloudClient cloud, CielOptions options, CancellationToken cancel)
    {
        var file = Path.Combine(options.Config, "first-machine");
        if (!File.Exists(file))
        {
            using var process = Process.Start(new ProcessStartInfo("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "first-machine", "-f", file]))!;
            await process.WaitForExitAsync(cancel);
        }

        var public_key = (await File.ReadAllTextAsync(file + ".pub", cancel)).Trim();
        if ((await cloud.Get("/compute/v2.1/os-keypairs", cancel)).GetProperty("keypairs").GetArrayLength() == 0)
        {
            await cloud.Post("/compute/v2.1/os-keypairs", new { keypair = new { name = "first", public_key } }, cancel);
        }

        return file;
    }

    private static async Task<string> MakePort(CloudClient cloud, string networkId, CancellationToken cancel)
    {
        var groupId = Id(await cloud.Post("/network/v2.0/security-groups", new { security_group = new { name = "first", description = "SSH and ping" } }, cancel), "security_group");
        object[] rules =
        [
            new { security_group_id = groupId, direction = "ingress", ethertype = "IPv4", protocol = "tcp", port_range_min = 22, port_range_max = 22 },
            new { security_group_id = groupId, direction = "ingress", ethertype = "IPv4", protocol = "icmp" },
        ];
        foreach (var security_group_rule in rules)
        {
            await cloud.Post("/network/v2.0/security-group-rules", new { security_group_rule }, cancel);
        }

        var port = new { name = "first", network_id = networkId, security_groups = (string[])[groupId] };
        return Id(await cloud.Post("/network/v2.0/ports", new { port }, cancel), "port");
    }

    private static async Task<string> MakeAddress(CloudClient cloud, string portId, CancellationToken cancel)
    {
        var floatingip = new { floating_network_id = await PublicNetwork(cloud, cancel), port_id = portId };
        var answer = await cloud.Post("/network/v2.0/floatingips", new { floatingip }, cancel);
        return answer.GetProperty("floatingip").GetProperty("floating_ip_address").GetString()!;
    }

    private static async Task MakeServer(CloudClient cloud, string imageRef, string portId, CancellationToken cancel)
    {
        var flavors = (await cloud.Get("/compute/v2.1/flavors?sort_key=memory_mb&limit=1", cancel)).GetProperty("flavors");
        var networks = new object[] { new { port = portId } };
        var server = new { name = "first", imageRef, flavorRef = flavors[0].GetProperty("id").GetString(), key_name = "first", networks };
        await cloud.Post("/compute/v2.1/servers", new { server }, cancel);
    }

    private static async Task WaitForSsh(CloudClient cloud, string address, TimeProvider time, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        while (!await SshAnswers(address, time, cancel))
        {
            var servers = (await cloud.Get("/compute/v2.1/servers/detail?name=first", cancel)).GetProperty("servers");
            if (servers.GetArrayLength() > 0 && servers[0].TryGetProperty("fault", out var fault))
            {
                throw new UserErrorException("The first machine could not be booted: " + fault.GetProperty("message").GetString());
            }

            if (time.GetElapsedTime(begun) > Patience)
            {
                throw new UserErrorException($"The first machine does not answer at {address}. `openstack console log show first` shows how far it came.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancel);
        }
    }

    private static async Task<bool> SshAnswers(string address, TimeProvider time, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, 22, both.Token);
            var banner = new byte[4];
            await client.GetStream().ReadExactlyAsync(banner, both.Token);
            return banner.AsSpan().SequenceEqual("SSH-"u8);
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    private static async Task<string> PublicNetwork(CloudClient cloud, CancellationToken cancel) =>
        (await cloud.Get("/network/v2.0/networks?router:external=true", cancel)).GetProperty("networks")[0].GetProperty("id").GetString()!;

    private static string Id(JsonElement answer, string thing) => answer.GetProperty(thing).GetProperty("id").GetString()!;
}
