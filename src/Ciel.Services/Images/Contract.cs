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

    /// <summary>Makes a queued image that a snapshot will fill.</summary>
    Task Create(Tx tx, Actor actor, NewImage image);

    /// <summary>Mints an upload ticket for a queued image; the bytes that come by it make the image active.</summary>
    string UploadTicket(string imageId);

    /// <summary>Marks a queued image as failed: its status becomes <c>killed</c>.</summary>
    Task Kill(Tx tx, string imageId);

    /// <summary>Offers a local qcow2 or raw file as a public image of the project admin, where no image of that name and content is there yet.</summary>
    Task Seed(string name, string file, IReadOnlyDictionary<string, string> properties, CancellationToken cancel);

    /// <summary>Deletes an image with the rules of the API (protected images are refused).</summary>
    Task Delete(Tx tx, Actor actor, string imageId);
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
    long UpdatedAt);

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
