using System.Text.Json.Serialization;
using Ciel.Agent.Contract;

namespace Ciel.Agent.Drivers.LinuxNet;

/// <summary>
/// What the driver keeps of an object beside its namespace, in <c>/run</c>, because both end with the host's reboot.
/// </summary>
/// <param name="Spec">What it was last asked to be.</param>
/// <param name="Marks">Of a network: each port's number (<see cref="LinuxNet.Marks"/>).</param>
internal sealed record NetObjectState(ObjectSpec Spec, Dictionary<string, int> Marks);

/// <summary>The JSON of the driver's files.</summary>
[JsonSerializable(typeof(NetObjectState))]
internal sealed partial class NetJson : JsonSerializerContext;
