using System.Text.Json;
using System.Text.Json.Serialization;
using Ciel.Agent.Drivers.Qemu;
using Ciel.Agent.Host;

namespace Ciel.Agent;

/// <summary>The JSON of the agent's own files. Generated, because a helper process must start fast.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(LaunchSpec))]
[JsonSerializable(typeof(AgentRecord))]
[JsonSerializable(typeof(KvmVerdict))]
[JsonSerializable(typeof(MachineState))]
[JsonSerializable(typeof(SnapshotState))]
internal sealed partial class AgentJson : JsonSerializerContext;
