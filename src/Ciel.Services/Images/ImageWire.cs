using System.Globalization;
using System.Text.Json;
using Ciel.Core.Http;

namespace Ciel.Services.Images;

/// <summary>The JSON of images.</summary>
internal static class ImageWire
{
    private const string Format = "yyyy-MM-ddTHH:mm:ssZ";

    /// <summary>µs UTC as Glance writes instants.</summary>
    public static string Instant(long micros) =>
        DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond).ToString(Format, CultureInfo.InvariantCulture);

    public static void Write(Utf8JsonWriter json, ImageView view)
    {
        var image = view.Image;
        json.WriteStartObject();
        foreach (var (name, value) in view.Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteString("name", image.Name);
        json.WriteString("disk_format", image.DiskFormat);
        json.WriteString("container_format", image.ContainerFormat);
        json.WriteString("visibility", image.Visibility);
        json.WriteNumberOrNull("size", image.HasData ? image.Size : null);
        json.WriteNumberOrNull("virtual_size", image.HasData ? image.VirtualSize : null);
        json.WriteString("status", image.Status);
        json.WriteString("checksum", image.HasData ? image.Md5 : null);
        json.WriteBoolean("protected", image.Protected);
        json.WriteNumber("min_ram", image.MinRam);
        json.WriteNumber("min_disk", image.MinDisk);
        json.WriteString("owner", image.Owner);
        json.WriteBoolean("os_hidden", image.Hidden);
        json.WriteString("os_hash_algo", image.HasData ? "sha512" : null);
        json.WriteString("os_hash_value", image.HasData ? image.Sha512 : null);
        json.WriteString("id", image.Id);
        json.WriteString("created_at", Instant(image.CreatedAt));
        json.WriteString("updated_at", Instant(image.UpdatedAt));
        json.WriteStrings("tags", view.Tags);
        json.WriteString("self", "/v2/images/" + image.Id);
        json.WriteString("file", $"/v2/images/{image.Id}/file");
        json.WriteString("schema", "/v2/schemas/image");
        if (image.HasData)
        {
            json.WriteString("stores", ImageDoor.Store);
        }

        json.WriteEndObject();
    }
}
