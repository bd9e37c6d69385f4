using Ciel.Core.Store;

namespace Ciel.Services.Network;

/// <summary>The one network that the host meets.</summary>
internal sealed class PublicNetwork(NetworkBook networks, SubnetBook subnets)
{
    private const int Mtu = 1500;

    /// <summary>Makes it unless there is one.</summary>
    public async Task Make(Tx tx, string publicCidr, string projectId, string networkId, string subnetId)
    {
        if (await tx.Scalar<string>("SELECT id FROM network_network WHERE network_type = 'flat' LIMIT 1") is not null)
        {
            return;
        }

        var range = Cidr.Parse(publicCidr) is { Version: 4, Prefix: <= 29 } parsed
            ? parsed
            : throw new ArgumentException($"{publicCidr} is no IPv4 range of at least 8 addresses.", nameof(publicCidr));
        var network = new Network
        {
            Id = networkId,
            ProjectId = projectId,
            Name = "public",
            External = true,
            IsDefault = true,
            Mtu = Mtu,
            NetworkType = "flat",
            PhysicalNetwork = "public",
        };
        await networks.Create(tx, network, shared: false);
        var gateway = SubnetRules.DefaultGateway(range);
        await subnets.Create(
            tx,
            new Subnet
            {
                Id = subnetId,
                ProjectId = projectId,
                NetworkId = networkId,
                Name = "public-subnet",
                Cidr = range.ToString(),
                GatewayIp = gateway.ToString(),
                EnableDhcp = false,
                AllocationPools = NetworkJson.Of(Pools.Default(range, gateway)),
            },
            network);
    }
}
