using Ciel.Agent.Contract;

namespace Ciel.Agent;

/// <summary>What the agent keeps of one name on disk, also when the object is gone.</summary>
/// <param name="Fence">The highest fence accepted.</param>
/// <param name="Spec">The last spec; null once the object is to be absent.</param>
/// <param name="State">The last state observed (<see cref="ObjectStates"/>).</param>
/// <param name="SinceMicros">When that state began, µs UTC.</param>
internal sealed record AgentRecord(Fence Fence, ObjectSpec? Spec, string State, long SinceMicros);
