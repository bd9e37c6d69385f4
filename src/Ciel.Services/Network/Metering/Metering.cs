namespace Ciel.Services.Network;

/// <summary>A label under which traffic is counted.</summary>
internal sealed record MeteringLabel : Resource
{
    public bool Shared { get; init; }
}

/// <summary>Which traffic a label counts.</summary>
internal sealed record MeteringRule : Resource
{
    public string LabelId { get; init; } = "";

    public string Direction { get; init; } = "ingress";

    public bool Excluded { get; init; }

    public string? RemoteIpPrefix { get; init; }

    public string? SourceIpPrefix { get; init; }

    public string? DestinationIpPrefix { get; init; }
}
