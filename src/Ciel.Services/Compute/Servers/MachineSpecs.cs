using Ciel.Agent.Contract;
using Ciel.Core.Store;
using Ciel.Services.Images;
using Ciel.Services.Network;

namespace Ciel.Services.Compute;

/// <summary>Says to a node what a server's machine is to be.</summary>
internal sealed class MachineSpecs(IImages images, INetworks networks)
{
    // The first slots of the bus belong to the bridge, the display and the root disk.
    private const int EphemeralSlot = 8;
    private const int SwapSlot = 9;
    private const int FirstNicSlot = 10;

    public async Task<MachineSpec> Of(Reader reader, Server server, bool on)
    {
        var shape = server.Shape;
        return new MachineSpec(
            shape.Vcpus,
            shape.MemoryMib,
            new DiskSpec(await Base(reader, server), server.DiskGib),
            await Nics(reader, server),
            on,
            server.Boots,
            server.Graceful,
            new HardwareSpec(server.MachineType, server.CpuModel, server.Id),
            [.. Blanks(shape)],
            server.HoldsStill);
    }

    private static IEnumerable<BlankDiskSpec> Blanks(Shape shape)
    {
        if (shape.EphemeralGib > 0)
        {
            yield return new BlankDiskSpec("ephemeral", (long)shape.EphemeralGib * 1024, EphemeralSlot);
        }

        if (shape.SwapMib > 0)
        {
            yield return new BlankDiskSpec("swap", shape.SwapMib, SwapSlot);
        }
    }

    // The image may have been deleted since: a machine that exists needs its bytes no more.
    private async Task<BlobSource> Base(Reader reader, Server server) =>
        await images.Find(reader, server.ImageId) is { } image && image.Sha512 == server.BaseSha512
            ? images.Source(image)
            : new BlobSource(server.BaseSha512, server.BaseSize, server.BaseFormat, "");

    private async Task<IReadOnlyList<NicSpec>> Nics(Reader reader, Server server)
    {
        var ports = (await ServerPorts.Of(reader, networks, server.Id)).ToDictionary(p => p.Id);
        return [.. from nic in await ServerStore.Nics(reader, server.Id)
            where nic.InMachine && ports.ContainsKey(nic.PortId)
            let port = ports[nic.PortId]
            select new NicSpec(port.Id, port.NetworkId, port.Mac, port.Mtu, FirstNicSlot + (int)nic.Slot)];
    }
}
