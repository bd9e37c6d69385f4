using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ciel.Agent.Contract;

/// <summary>The JSON of the contract: the same bytes in one process as between hosts.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnsureRequest))]
[JsonSerializable(typeof(AbsentRequest))]
[JsonSerializable(typeof(Report))]
[JsonSerializable(typeof(IReadOnlyList<Report>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(NodeFacts))]
[JsonSerializable(typeof(MetadataQuestion))]
[JsonSerializable(typeof(MetadataAnswer))]
public sealed partial class Wire : JsonSerializerContext;
