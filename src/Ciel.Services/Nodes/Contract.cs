using Ciel.Agent.Contract;
using Ciel.Core.Keepers;
using Ciel.Core.Store;

namespace Ciel.Services.Nodes;

/// <summary>What services may ask of the nodes. The lowest of the services: it knows none of them, and they wake by its reports.</summary>
public interface INodes
{
    /// <summary>Asks a node to make an object so; the fence comes from the turn. The answer is stored as observed.</summary>
    /// <exception cref="NodeUnreachableException">The outcome is unknown; the step runs again.</exception>
    Task<Report> Ensure(Turn turn, string node, string name, long generation, ObjectSpec spec);

    /// <summary>Asks a node to make an object gone; gone when the answer's state is <see cref="ObjectStates.Absent"/>.</summary>
    /// <exception cref="NodeUnreachableException">The outcome is unknown; the step runs again.</exception>
    Task<Report> Absent(Turn turn, string node, string name, long generation);

    /// <summary>Opens a stream of an object (<see cref="StreamKinds"/>).</summary>
    Task<Stream> Open(string node, string name, string stream, CancellationToken cancel);

    /// <summary>The newest report of an object on a node; null when there was none. Its instant is on the controller's clock.</summary>
    Task<Report?> Observed(Reader reader, string node, string name);

    /// <summary>What a node says of itself now; null when it does not answer.</summary>
    Task<NodeFacts?> Facts(string node, CancellationToken cancel);

    /// <summary>All nodes that ever reported.</summary>
    Task<IReadOnlyList<NodeInfo>> List(Reader reader);
}

/// <summary>A node as the controller knows it.</summary>
/// <param name="Id">A UUID, stable.</param>
/// <param name="Facts">What the node said of itself.</param>
/// <param name="Up">Whether it can be reached now.</param>
/// <param name="SeenAt">Its last word, µs UTC.</param>
/// <param name="CreatedAt">When it first reported, µs UTC.</param>
public sealed record NodeInfo(string Id, NodeFacts Facts, bool Up, long SeenAt, long CreatedAt);

/// <summary>The node did not answer: what it did is unknown.</summary>
public sealed class NodeUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Answers guests' metadata requests; the compute service implements it.</summary>
public interface IGuestMetadata
{
    /// <summary>The answer for the guest behind a port.</summary>
    Task<MetadataAnswer> Answer(MetadataQuestion question, CancellationToken cancel);
}

/// <summary>Redeems tickets for bytes; the image service implements it.</summary>
public interface IBlobTickets
{
    /// <summary>The bytes behind a download ticket.</summary>
    Task<Stream> Fetch(string ticket, CancellationToken cancel);

    /// <summary>Takes the bytes for an upload ticket; returns when they are durable.</summary>
    Task Store(string ticket, Stream content, CancellationToken cancel);
}
