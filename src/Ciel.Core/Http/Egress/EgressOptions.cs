using System.Net;

namespace Ciel.Core.Http.Egress;

/// <summary>Where calls to URLs that tenants chose may go.</summary>
public sealed record EgressOptions
{
    /// <summary>Targets that are allowed although their addresses are not public; an operator names them.</summary>
    public IReadOnlyList<EgressTarget> Allow { get; init; } = [];

    /// <summary>Further ranges that are the cloud's own, such as its public range.</summary>
    public IReadOnlyList<IPNetwork> Own { get; init; } = [];

    /// <summary>Reads what an operator writes: <c>HOST[:PORT]</c>, several of them with commas between.</summary>
    /// <exception cref="FormatException">One of them is no such target.</exception>
    public static IReadOnlyList<EgressTarget> Targets(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(EgressTarget.Parse)];
}
