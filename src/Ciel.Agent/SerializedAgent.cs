using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ciel.Agent.Contract;

namespace Ciel.Agent;

/// <summary>
/// An agent in the same process, spoken to in the same bytes as one on another host: nothing can come to depend on a shared object,
/// or on a field that the wire does not carry.
/// </summary>
public sealed class SerializedAgent(IAgent inner) : IAgent, IAsyncDisposable
{
    /// <inheritdoc/>
    public async Task<Report> Ensure(EnsureRequest request, CancellationToken cancel) =>
        Copy(await inner.Ensure(Copy(request, Wire.Default.EnsureRequest), cancel), Wire.Default.Report);

    /// <inheritdoc/>
    public async Task<Report> Absent(AbsentRequest request, CancellationToken cancel) =>
        Copy(await inner.Absent(Copy(request, Wire.Default.AbsentRequest), cancel), Wire.Default.Report);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Report>> Inventory(CancellationToken cancel) =>
        Copy(await inner.Inventory(cancel), Wire.Default.IReadOnlyListReport);

    /// <inheritdoc/>
    public async Task<NodeFacts> Facts(CancellationToken cancel) => Copy(await inner.Facts(cancel), Wire.Default.NodeFacts);

    /// <inheritdoc/>
    public Task<Stream> Open(string name, string stream, CancellationToken cancel) => inner.Open(name, stream, cancel);

    /// <summary>What arrives at the other end of the wire.</summary>
    internal static T Copy<T>(T message, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(message, type), type)
        ?? throw new JsonException($"{typeof(T).Name} came out as null");

    /// <summary>Ends the agent behind, where it has an end.</summary>
    public ValueTask DisposeAsync() => inner is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;
}
