namespace Ciel.Services.Compute;

/// <summary>How full nodes may become, and how long work may take.</summary>
internal sealed record ComputeOptions
{
    /// <summary>Virtual processors per logical one.</summary>
    public double CpuRatio { get; init; } = 4.0;

    /// <summary>Machines' memory per memory that the node offers.</summary>
    public double MemoryRatio { get; init; } = 1.0;

    /// <summary>Machines' disk per disk that the node offers.</summary>
    public double DiskRatio { get; init; } = 1.0;

    /// <summary>How long a server may take to be built before it rests in ERROR.</summary>
    public TimeSpan BuildLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a stop, start, reboot, rebuild, resize or snapshot may take.</summary>
    public TimeSpan ActLimit { get; init; } = TimeSpan.FromMinutes(15);
}
