using System.Text.Json;

namespace Ciel.Services.Images.Import;

/// <summary>The JSON of tasks.</summary>
internal static class TaskWire
{
    public static void Write(Utf8JsonWriter json, ImportTask task)
    {
        json.WriteStartObject();
        json.WriteString("id", task.Id);
        json.WriteString("type", "api_image_import");
        json.WriteString("status", task.Status);
        json.WriteString("owner", task.Owner);
        json.WriteString("image_id", task.ImageId);
        json.WriteString("user_id", task.UserId);
        json.WriteString("request_id", task.RequestId);
        json.WriteString("expires_at", ImageWire.Instant(task.ExpiresAt));
        json.WriteString("created_at", ImageWire.Instant(task.CreatedAt));
        json.WriteString("updated_at", ImageWire.Instant(task.UpdatedAt));
        json.WritePropertyName("input");
        json.WriteRawValue(task.Input);
        json.WriteNull("result");
        json.WriteString("message", task.Message);
        json.WriteString("self", "/v2/tasks/" + task.Id);
        json.WriteString("schema", "/v2/schemas/task");
        json.WriteEndObject();
    }

    public static void WriteAll(Utf8JsonWriter json, IEnumerable<ImportTask> tasks)
    {
        json.WriteStartArray("tasks");
        foreach (var task in tasks)
        {
            Write(json, task);
        }

        json.WriteEndArray();
    }
}
