using System.Text.Json;
using Ciel.Core.Http;
using Ciel.Services.Images;

namespace Ciel.Services.Compute;

/// <summary>Images from Glance's words into Nova's.</summary>
internal static class ImagePagesWire
{
    public static string Status(string status) => status switch
    {
        "active" => "ACTIVE",
        "queued" or "saving" or "uploading" or "importing" => "SAVING",
        "killed" => "ERROR",
        "deleted" or "pending_delete" => "DELETED",
        _ => "UNKNOWN",
    };

    public static void WriteBrief(Utf8JsonWriter json, ImageInfo image, Call call)
    {
        json.WriteStartObject();
        json.WriteString("id", image.Id);
        json.WriteString("name", image.Name);
        WriteLinks(json, image, call);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ImageInfo image, Call call)
    {
        json.WriteStartObject();
        json.WriteString("id", image.Id);
        json.WriteString("name", image.Name);
        json.WriteNumber("minRam", image.MinRamMiB);
        json.WriteNumber("minDisk", image.MinDiskGiB);
        ComputeJson.Write(json, "metadata", image.Properties);
        json.WriteString("created", Stamp.Zulu(image.CreatedAt));
        json.WriteString("updated", Stamp.Zulu(image.UpdatedAt));
        json.WriteString("status", Status(image.Status));
        json.WriteNumber("progress", image.Status switch { "active" => 100, "saving" => 50, "queued" => 25, _ => 0 });
        WriteLinks(json, image, call);
        json.WriteNumber("OS-EXT-IMG-SIZE:size", image.Size ?? 0);
        if (image.Properties.TryGetValue("instance_uuid", out var server))
        {
            json.WriteStartObject("server");
            json.WriteString("id", server);
            Links.Write(json, call, "servers", server);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, ImageInfo image, Call call)
    {
        json.WriteStartArray("links");
        One(json, "self", Links.Self(call, "images", image.Id), null);
        One(json, "bookmark", $"{call.BaseUrl}/images/{image.Id}", null);
        One(json, "alternate", $"{call.Http.Request.Scheme}://{call.Http.Request.Host}/image/images/{image.Id}", "application/vnd.openstack.image");
        json.WriteEndArray();
    }

    private static void One(Utf8JsonWriter json, string rel, string href, string? type)
    {
        json.WriteStartObject();
        json.WriteString("rel", rel);
        json.WriteString("href", href);
        if (type is not null)
        {
            json.WriteString("type", type);
        }

        json.WriteEndObject();
    }
}
