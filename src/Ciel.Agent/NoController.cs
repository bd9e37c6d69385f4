using Ciel.Agent.Contract;

namespace Ciel.Agent;

/// <summary>For a survey: nobody listens, and nothing may ask.</summary>
internal sealed class NoController : IController
{
    public Task Report(IReadOnlyList<Report> reports, CancellationToken cancel) => Task.CompletedTask;

    public Task<MetadataAnswer> Ask(MetadataQuestion question, CancellationToken cancel) => throw Nobody();

    public Task<Stream> Fetch(string ticket, CancellationToken cancel) => throw Nobody();

    public Task Store(string ticket, Stream content, CancellationToken cancel) => throw Nobody();

    private static InvalidOperationException Nobody() => new("A survey has no controller to ask.");
}
