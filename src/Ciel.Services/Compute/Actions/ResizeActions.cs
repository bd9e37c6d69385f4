using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Store;
using Ciel.Services.Images;

namespace Ciel.Services.Compute;

/// <summary>Another flavor for a server, on the same node: the machine is stopped, changed and started again.</summary>
internal sealed class ResizeActions(Db db, ServerVerbs verbs, IImages images) : IServerActions
{
    public IReadOnlyDictionary<string, ServerActionHandler> Handlers => new Dictionary<string, ServerActionHandler>
    {
        ["resize"] = Resize,
        ["confirmResize"] = Confirm,
        ["revertResize"] = Revert,
    };

    private async Task Resize(Call call, Input body, string id)
    {
        var input = body.Object("resize");
        body.Done();
        var flavorId = ServerFields.Ref(input, "flavorRef");
        var disk = input.OptionalChoice("OS-DCF:diskConfig", "AUTO", "MANUAL");
        input.Done();
        await db.Write(
            async tx =>
            {
                var server = await ServerStore.Visible(tx, call.Actor, id);
                var flavor = await ServerParts.Flavor(tx, call.Actor, flavorId);
                await CheckFlavor(tx, server, flavor);
                await verbs.Begin(
                    tx, call.Actor, id, "resize", s => s.Resizes(flavor) with { DiskConfig = disk ?? s.DiskConfig, Graceful = true });
            },
            call.Cancel);
        await call.Empty(202);
    }

    private async Task CheckFlavor(Tx tx, Server server, Flavor flavor)
    {
        if (flavor.Id == server.FlavorId)
        {
            throw Fault.BadRequest("When resizing, instances must change flavor!");
        }

        if (flavor.DiskGib < server.Shape.DiskGib || flavor.EphemeralGib < server.Shape.EphemeralGib)
        {
            throw Fault.BadRequest("Resize error: a disk cannot become smaller; choose a flavor with at least the disk of the present one.");
        }

        if (await images.Find(tx, server.ImageId) is { } image)
        {
            ServerParts.CheckFit(image, flavor.MemoryMib, flavor.DiskGib);
        }
    }

    private async Task Confirm(Call call, Input body, string id)
    {
        body.Raw("confirmResize");
        body.Done();
        await db.Write(
            async tx =>
            {
                var server = await verbs.Begin(tx, call.Actor, id, "confirmResize", s => s.Settled());
                await ActionStore.Finish(tx, id, server.Node);
            },
            call.Cancel);
        await call.Empty(204);
    }

    private async Task Revert(Call call, Input body, string id)
    {
        body.Raw("revertResize");
        body.Done();
        await db.Write(
            tx => verbs.Begin(tx, call.Actor, id, "revertResize", s => s.Intends(TaskStates.ResizeReverting) with { Graceful = true }),
            call.Cancel);
        await call.Empty(202);
    }
}
