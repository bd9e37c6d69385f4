using Ciel.Core.Errors;
using Ciel.Core.Http;

namespace Ciel.Services.Compute;

/// <summary>Block device mappings: the one form that needs no volume, a root disk made from an image.</summary>
internal static class BlockDevices
{
    /// <summary>The image that block_device_mapping_v2 names for the root disk; null where there is no mapping.</summary>
    /// <exception cref="Fault">400 for every form that needs a volume.</exception>
    public static string? RootImage(Input input)
    {
        if (input.OptionalObjects("block_device_mapping") is { Count: > 0 })
        {
            throw NotOffered();
        }

        if (input.OptionalObjects("block_device_mapping_v2") is not { Count: > 0 } devices)
        {
            return null;
        }

        var images = devices.Select(Read).ToArray();
        return images.Length == 1 ? images[0] : throw NotOffered();
    }

    private static string Read(Input device)
    {
        var source = device.OptionalChoice("source_type", "volume", "image", "snapshot", "blank") ?? "";
        var target = device.OptionalChoice("destination_type", "local", "volume") ?? "";
        var boot = device.Raw("boot_index")?.ToString();
        var id = device.OptionalString("uuid", 1);
        var bus = device.OptionalString("disk_bus");
        device.OptionalChoice("device_type", "disk", "cdrom", "lun");
        device.OptionalBoolean("delete_on_termination");
        device.OptionalString("device_name");
        device.OptionalString("guest_format");
        device.OptionalInteger("volume_size");
        device.OptionalString("tag");
        device.OptionalString("volume_type");
        device.Done();
        if (source != "image" || target != "local" || boot != "0" || id is null || bus is not (null or "virtio"))
        {
            throw NotOffered();
        }

        return ServerFields.Uuid(device, "uuid", id);
    }

    private static Fault NotOffered() => Fault.BadRequest(
        "Block Device Mapping is Invalid: only a root disk made from an image is offered here (source_type image, destination_type local, boot_index 0).");
}
