using Ciel.Agent.Contract;
using Ciel.Core.Policy;
using Ciel.Core.Store;

namespace Ciel.Services.Images;

/// <summary>What other services may ask of images.</summary>
public interface IImages
{
    /// <summary>An image that the actor may see; null where there is none.</summary>
    Task<ImageInfo?> Visible(Reader reader, Actor actor, string imageId);

    /// <summary>An image by id, whoever owns it; null where there is none.</summary>
    Task<ImageInfo?> Find(Reader reader, string imageId);

    /// <summary>Mints a download ticket for the image's bytes, good for an hour.</summary>
    BlobSource Source(ImageInfo image);

    /// <summary>The images that the actor may see, newest first.</summary>
    Task<IReadOnlyList<ImageInfo>> List(Reader reader, Actor actor, int most);

    /// <summary>Changes an image's free properties with the rules of the API; null removes one.</summary>
    Task SetProperties(Tx tx, Actor actor, string imageId, IReadOnlyDictionary<string, string?> changes);

    /// <summary>Makes a queued image that a snapshot will fill.</summary>
    Task Create(Tx tx, Actor actor, NewImage image);

    /// <summary>Mints an upload ticket for a queued image; the bytes that come by it make the image active.</summary>
    string UploadTicket(string imageId);

    /// <summary>Marks a queued image as failed: its status becomes <c>killed</c>.</summary>
    Task Kill(Tx tx, string imageId);

    /// <summary>Deletes an image with the rules of the API (protected images are refused).</summary>
    Task Delete(Tx tx, Actor actor, string imageId);

    /// <summary>Makes ready what images need before the first request: the tickets' key and the sweep. Idempotent.</summary>
    Task Bootstrap(CancellationToken cancel);

    /// <summary>
    /// Offers an image to all projects, owned by the project admin. One with this name and these bytes is left alone; older bytes of
    /// this name are hidden, so that the name finds the new ones and machines that run from the old keep them.
    /// </summary>
    /// <param name="name">The image's name.</param>
    /// <param name="disk">A qcow2 or raw disk, told by its first bytes and inspected like any other's; a stream that can seek.</param>
    /// <param name="properties">Free properties.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The image's id.</returns>
    Task<string> Seed(string name, Stream disk, IReadOnlyDictionary<string, string> properties, CancellationToken cancel);
}

/// <summary>The meters of images on the ledger.</summary>
public static class ImageMeters
{
    /// <summary>The bytes of an image, from activation to deletion; quantity in bytes, attribute disk_format.</summary>
    public const string Stored = "image.stored";
}

/// <summary>An image.</summary>
/// <param name="Id">UUID.</param>
/// <param name="Name">May be empty.</param>
/// <param name="OwnerId">The owning project.</param>
/// <param name="Status"><c>queued, saving, active, killed, deactivated</c>.</param>
/// <param name="DiskFormat"><c>qcow2, raw</c> and what else Glance takes; only those two boot.</param>
/// <param name="Sha512">Of the bytes, lower-case hex; null until active.</param>
/// <param name="Size">Bytes; null until active.</param>
/// <param name="VirtualSize">Bytes as the guest sees it; null until active.</param>
/// <param name="MinDiskGiB">Least disk of a flavor.</param>
/// <param name="MinRamMiB">Least memory of a flavor.</param>
/// <param name="Properties">Free properties.</param>
/// <param name="CreatedAt">µs UTC.</param>
/// <param name="UpdatedAt">µs UTC.</param>
/// <param name="BlobId">Where the bytes are kept; null until they are.</param>
/// <param name="Visibility"><c>public, private, shared, community</c>.</param>
/// <param name="Protected">Whether it refuses to be deleted.</param>
/// <param name="ContainerFormat"><c>bare</c> where the bytes are the disk itself.</param>
public sealed record ImageInfo(
    string Id,
    string Name,
    string OwnerId,
    string Status,
    string? DiskFormat,
    string? Sha512,
    long? Size,
    long? VirtualSize,
    int MinDiskGiB,
    int MinRamMiB,
    IReadOnlyDictionary<string, string> Properties,
    long CreatedAt,
    long UpdatedAt,
    string? BlobId = null,
    string Visibility = "private",
    bool Protected = false,
    string? ContainerFormat = null);

/// <summary>An image to be made.</summary>
/// <param name="Id">UUID.</param>
/// <param name="Name">May be empty.</param>
/// <param name="OwnerId">The owning project.</param>
/// <param name="DiskFormat">Such as <c>qcow2</c>.</param>
/// <param name="MinDiskGiB">Least disk of a flavor.</param>
/// <param name="MinRamMiB">Least memory of a flavor.</param>
/// <param name="Properties">Free properties.</param>
public sealed record NewImage(
    string Id, string Name, string OwnerId, string DiskFormat, int MinDiskGiB, int MinRamMiB, IReadOnlyDictionary<string, string> Properties);

/// <summary>Says whether something still needs an image; asked before it is deleted, in the same transaction.</summary>
public interface IImageInUse
{
    /// <summary>A sentence that says what uses it; null when nothing does.</summary>
    Task<string?> InUse(Tx tx, string imageId);
}
