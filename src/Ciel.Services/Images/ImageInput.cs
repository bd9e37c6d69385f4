using System.Text.RegularExpressions;
using Ciel.Core.Errors;
using Ciel.Core.Http;
using Ciel.Core.Policy;

namespace Ciel.Services.Images;

/// <summary>Reads what clients say of an image, for creating and for changing it, by the same rules.</summary>
internal static partial class ImageInput
{
    /// <summary>A new image as its creator described it.</summary>
    public static ImageView Create(Input body, Actor actor, Func<string> newId)
    {
        foreach (var name in body.Names)
        {
            RequireAllowed(name);
        }

        var image = Settable(body, new Image
        {
            Id = body.OptionalString("id", pattern: Uuid()) ?? newId(),
            Owner = body.OptionalString("owner", 1) ?? actor.Project(),
            Status = Statuses.Queued,
            Visibility = "shared",
        });
        if (image.Owner != actor.ProjectId && !actor.IsAdmin)
        {
            throw Fault.Forbidden($"You are not permitted to create images owned by '{image.Owner}'.");
        }

        RequirePublicist(actor, image.Visibility);
        var properties = body.Names.Where(n => !ImageFields.Settable.Contains(n))
            .Select(n => (Name: n, Value: Property(body, n)))
            .Where(p => p.Value is not null)
            .ToDictionary(p => p.Name, p => p.Value!);
        return Checked(new ImageView(image, properties, Tags(body)));
    }

    /// <summary>The image with the settable fields that the object holds; the others stay.</summary>
    public static Image Settable(Input body, Image image) => image with
    {
        Name = body.Has("name") ? body.OptionalString("name") : image.Name,
        Owner = body.OptionalString("owner", 1) ?? image.Owner,
        Visibility = body.OptionalChoice("visibility", ImageFields.Visibilities) ?? image.Visibility,
        Protected = body.OptionalBoolean("protected") ?? image.Protected,
        Hidden = body.OptionalBoolean("os_hidden") ?? image.Hidden,
        DiskFormat = body.Has("disk_format") ? body.OptionalChoice("disk_format", ImageFields.DiskFormats) : image.DiskFormat,
        ContainerFormat = body.Has("container_format") ? body.OptionalChoice("container_format", ImageFields.ContainerFormats) : image.ContainerFormat,
        MinDisk = (int)(body.OptionalInteger("min_disk") ?? image.MinDisk),
        MinRam = (int)(body.OptionalInteger("min_ram") ?? image.MinRam),
    };

    public static IReadOnlyList<string> Tags(Input body)
    {
        var tags = body.OptionalStrings("tags") ?? [];
        return tags.Any(t => t.Contains('\0', StringComparison.Ordinal)) ? throw body.Refuse("tags", "", "a tag contains a NUL character") : [.. tags.Distinct()];
    }

    /// <summary>A property of the client's own; null where it is given as nothing.</summary>
    public static string? Property(Input body, string name)
    {
        if (name.Length is 0 or > 255 || name.Contains('\0', StringComparison.Ordinal))
        {
            throw body.Refuse(name, "", "a property's name has 1 to 255 characters");
        }

        var imageId = name is "kernel_id" or "ramdisk_id";
        if (body.IsNull(name))
        {
            return imageId ? null : throw body.Refuse(name, "None", "None is not of type 'string'");
        }

        return body.OptionalString(name, 0, ImageFields.LongestValue, imageId ? Uuid() : null);
    }

    /// <summary>Refuses names that only the service sets.</summary>
    public static void RequireAllowed(string name)
    {
        if (ImageFields.ReadOnly.Contains(name))
        {
            throw Fault.Forbidden($"Attribute '{name}' is read-only.");
        }

        if (ImageFields.Reserved.Contains(name) || name.StartsWith(ImageFields.OwnPrefix, StringComparison.Ordinal))
        {
            throw Fault.Forbidden($"Attribute '{name}' is reserved.");
        }
    }

    public static void RequirePublicist(Actor actor, string visibility)
    {
        if (visibility == "public")
        {
            actor.RequireAdmin("publicize_image");
        }
    }

    /// <summary>Refuses too many properties or tags.</summary>
    public static ImageView Checked(ImageView view)
    {
        var own = view.Properties.Keys.Count(n => !n.StartsWith(ImageFields.OwnPrefix, StringComparison.Ordinal));
        return own > ImageFields.MostProperties ? throw TooMany("properties", own, ImageFields.MostProperties)
            : view.Tags.Count > ImageFields.MostTags ? throw TooMany("tags", view.Tags.Count, ImageFields.MostTags)
            : view;
    }

    public static Fault TooMany(string what, int attempted, int most) => Fault.TooLarge($"The limit has been exceeded on the number of allowed image {what}. Attempted: {attempted}, Maximum: {most}");

    [GeneratedRegex("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\\z")]
    public static partial Regex Uuid();
}
