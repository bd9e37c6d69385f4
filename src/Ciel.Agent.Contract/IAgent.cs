namespace Ciel.Agent.Contract;

/// <summary>
/// What a controller may ask of one node. Every call answers within 5 s: long work is a named object that reports progress.
/// Throws <see cref="AgentRefusedException"/>; any other failure means that the outcome is unknown and the call must be repeated.
/// </summary>
public interface IAgent
{
    /// <summary>Makes the object so, or starts to, and answers what is there now.</summary>
    Task<Report> Ensure(EnsureRequest request, CancellationToken cancel);

    /// <summary>Makes the object gone, or starts to; <see cref="ObjectStates.Absent"/> in the answer says that nothing is left.</summary>
    Task<Report> Absent(AbsentRequest request, CancellationToken cancel);

    /// <summary>All objects that the agent has, for a controller that starts.</summary>
    Task<IReadOnlyList<Report>> Inventory(CancellationToken cancel);

    /// <summary>What the node is and has.</summary>
    Task<NodeFacts> Facts(CancellationToken cancel);

    /// <summary>A byte stream of an object.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="stream"><see cref="StreamKinds"/>.</param>
    /// <param name="cancel">Ends the stream.</param>
    Task<Stream> Open(string name, string stream, CancellationToken cancel);
}

/// <summary>Streams that <see cref="IAgent.Open"/> knows.</summary>
public static class StreamKinds
{
    /// <summary>The machine's serial log as it stands now, from its beginning; ends at its end.</summary>
    public const string Log = "log";

    /// <summary>The machine's VNC server, both ways.</summary>
    public const string Console = "console";
}

/// <summary>What an agent may ask of any controller.</summary>
public interface IController
{
    /// <summary>Stores what the node observes and wakes the keepers of those rows.</summary>
    Task Report(IReadOnlyList<Report> reports, CancellationToken cancel);

    /// <summary>Answers a guest's request for metadata. The agent knows the asker by the tap on which the packet came in.</summary>
    Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel);

    /// <summary>The bytes behind a download ticket.</summary>
    Task<Stream> Fetch(string ticket, CancellationToken cancel);

    /// <summary>Hands in the bytes for an upload ticket; returns when they are durable.</summary>
    Task Store(string ticket, Stream content, CancellationToken cancel);
}

/// <summary>A guest's request to 169.254.169.254.</summary>
/// <param name="PortId">The port on whose tap it came in.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query, such as <c>/openstack/latest/meta_data.json</c>.</param>
/// <param name="Headers">Request headers, lower-case names.</param>
/// <param name="Body">At most 64 KiB.</param>
public sealed record MetadataQuestion(string PortId, string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>The answer for the guest.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Body">The bytes.</param>
public sealed record MetadataAnswer(int Status, string ContentType, byte[] Body);
