using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ciel.Services.Compute;

/// <summary>The JSON that compute keeps in its own columns.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(Shape))]
[JsonSerializable(typeof(Hints))]
internal sealed partial class ComputeJson : JsonSerializerContext
{
    public static string Map(IReadOnlyDictionary<string, string> map) =>
        JsonSerializer.Serialize(map as Dictionary<string, string> ?? new(map), Default.DictionaryStringString);

    public static Dictionary<string, string> Map(string json) => JsonSerializer.Deserialize(json, Default.DictionaryStringString)!;

    public static string List(IEnumerable<string> list) => JsonSerializer.Serialize([.. list], Default.ListString);

    public static List<string> List(string json) => JsonSerializer.Deserialize(json, Default.ListString)!;

    /// <summary>Writes a flat object.</summary>
    public static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
