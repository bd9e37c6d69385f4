using Ciel.Agent.Contract;

namespace Ciel.Agent;

/// <summary>A controller in the same process, spoken to in the same bytes as one on another host (<see cref="SerializedAgent"/>).</summary>
public sealed class SerializedController(IController inner) : IController
{
    /// <inheritdoc/>
    public Task Report(IReadOnlyList<Report> reports, CancellationToken cancel) =>
        inner.Report(SerializedAgent.Copy(reports, Wire.Default.IReadOnlyListReport), cancel);

    /// <inheritdoc/>
    public async Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) => SerializedAgent.Copy(
        await inner.Ask(SerializedAgent.Copy(question, Wire.Default.MetadataQuestion), cancel), Wire.Default.MetadataAnswer);

    /// <inheritdoc/>
    public Task<Stream> Fetch(string ticket, CancellationToken cancel) => inner.Fetch(ticket, cancel);

    /// <inheritdoc/>
    public Task Store(string ticket, Stream content, CancellationToken cancel) => inner.Store(ticket, content, cancel);
}
