using Ciel.Core.Errors;
using Ciel.Core.Policy;

namespace Ciel.Services.Images;

/// <summary>An image as it is stored, without its properties and tags.</summary>
internal sealed record Image
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    public required string Owner { get; init; }

    public required string Status { get; init; }

    public required string Visibility { get; init; }

    public string? DiskFormat { get; init; }

    public string? ContainerFormat { get; init; }

    public int MinDisk { get; init; }

    public int MinRam { get; init; }

    public bool Protected { get; init; }

    public bool Hidden { get; init; }

    public long? Size { get; init; }

    public long? VirtualSize { get; init; }

    public string? Md5 { get; init; }

    public string? Sha512 { get; init; }

    public string? BlobId { get; init; }

    public string? UploadId { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    /// <summary>Whether the bytes are complete and clients may know of them.</summary>
    public bool HasData => Status is Statuses.Active or Statuses.Deactivated;

    /// <summary>Whether the actor's project owns it.</summary>
    public bool IsOf(Actor actor) => actor.ProjectId == Owner;

    /// <summary>Refuses an actor who may see the image but not change it.</summary>
    public void RequireChange(Actor actor, string action)
    {
        if (!actor.IsAdmin && !(IsOf(actor) && actor.Has(Roles.Member)))
        {
            throw Fault.Forbidden($"You are not permitted to {action} this image.");
        }
    }

    public static Fault Missing(string id) => Fault.NotFound($"No image found with ID {id}");
}

/// <summary>An image with everything that its view shows.</summary>
internal sealed record ImageView(Image Image, IReadOnlyDictionary<string, string> Properties, IReadOnlyList<string> Tags);
