using Ciel.Core.Errors;
using Ciel.Core.Policy;
using Ciel.Core.Quota;
using Ciel.Core.Store;
using Ciel.Services.Images;

namespace Ciel.Services.Compute;

/// <summary>What a new server is made of.</summary>
internal sealed record FoundParts(ImageInfo Image, Flavor Flavor, Shape Shape, int DiskGib, Keypair? Key);

/// <summary>Finds what a client names for a new or rebuilt server, and checks that the parts fit each other.</summary>
internal sealed class ServerParts(IImages images)
{
    private const long Gib = 1L << 30;

    /// <exception cref="Fault">400 or 403.</exception>
    public async Task<FoundParts> Find(Reader reader, Actor actor, NewServer wish)
    {
        var flavor = await Flavor(reader, actor, wish.FlavorRef);
        var image = await Image(reader, actor, wish.ImageRef);
        var disk = CheckFit(image, flavor.MemoryMib, flavor.DiskGib);
        var key = wish.KeyName is null
            ? null
            : await KeypairStore.Find(reader, actor.UserId, wish.KeyName) ?? throw Fault.BadRequest("Invalid key_name provided.");
        await CheckMetadata(reader, actor.Project(), wish.Metadata.Count);
        if (wish.GroupId is { } group && (await GroupStore.Find(reader, group) is not { } found || !actor.Sees(found.ProjectId)))
        {
            throw Fault.BadRequest($"Instance group {group} could not be found.");
        }

        return new FoundParts(image, flavor, Shape.Of(flavor), disk, key);
    }

    /// <summary>A flavor that may be used; a wrong one is a bad request here, not a missing page.</summary>
    public static async Task<Flavor> Flavor(Reader reader, Actor actor, string id)
    {
        var flavor = await FlavorStore.Find(reader, id);
        return flavor is { Disabled: false } && (flavor.IsPublic || actor.IsAdmin || await FlavorStore.HasAccess(reader, id, actor.ProjectId ?? ""))
            ? flavor
            : throw Fault.BadRequest($"Flavor {id} could not be found.");
    }

    /// <summary>An image that a machine can start from.</summary>
    public async Task<ImageInfo> Image(Reader reader, Actor actor, string id)
    {
        var image = await images.Visible(reader, actor, id) ?? throw Fault.BadRequest($"Image {id} could not be found.");
        if (image.Status != "active" || image.Sha512 is null)
        {
            throw Fault.BadRequest($"Image {id} is not active.");
        }

        return image.DiskFormat is "qcow2" or "raw"
            ? image
            : throw Fault.BadRequest($"Image {id} is unacceptable: disks of the format {image.DiskFormat} do not boot here; use qcow2 or raw.");
    }

    /// <summary>The root disk's size in GiB.</summary>
    /// <param name="image">The image.</param>
    /// <param name="memoryMib">The flavor's memory.</param>
    /// <param name="diskGib">The flavor's disk; 0 means as large as the image.</param>
    public static int CheckFit(ImageInfo image, int memoryMib, int diskGib)
    {
        if (memoryMib < image.MinRamMiB)
        {
            throw Fault.BadRequest("Flavor's memory is too small for requested image.");
        }

        var bytes = image.VirtualSize ?? image.Size ?? 0;
        if (diskGib > 0 && (long)diskGib * Gib < bytes)
        {
            throw Fault.BadRequest($"Flavor's disk is too small for requested image. Flavor disk is {diskGib * Gib} bytes, image is {bytes} bytes.");
        }

        if (diskGib > 0 && diskGib < image.MinDiskGiB)
        {
            throw Fault.BadRequest(
                $"Flavor's disk is smaller than the minimum size specified in image metadata. Flavor disk is {diskGib * Gib} bytes, minimum size is {image.MinDiskGiB * Gib} bytes.");
        }

        return diskGib > 0 ? diskGib : Math.Max(image.MinDiskGiB, (int)Math.Max(1, (bytes + Gib - 1) / Gib));
    }

    /// <exception cref="Fault">403 for more items than the quota gives each server.</exception>
    public static async Task CheckMetadata(Reader reader, string projectId, int items)
    {
        var line = await QuotaBook.Line(reader, projectId, ComputeQuotas.MetadataItems, ComputeQuotas.Defaults[ComputeQuotas.MetadataItems]);
        if (line.Hard >= 0 && items > line.Hard)
        {
            throw Fault.Forbidden($"Maximum number of metadata items exceeds {line.Hard}", "OverQuota");
        }
    }
}
