using System.Globalization;

namespace Ciel.Services.Compute;

/// <summary>What a server is made of: processors, memory and disk under a name.</summary>
internal sealed record Flavor
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public int MemoryMib { get; init; }

    public int Vcpus { get; init; }

    /// <summary>Root disk; 0 means as large as the image.</summary>
    public int DiskGib { get; init; }

    public int EphemeralGib { get; init; }

    public int SwapMib { get; init; }

    /// <summary>Shown and never used, as in Nova without its own networking; kept as text.</summary>
    public string RxtxFactor { get; init; } = "1";

    public bool IsPublic { get; init; } = true;

    public bool Disabled { get; init; }

    public string? Description { get; init; }

    /// <summary>JSON object of strings.</summary>
    public string ExtraSpecs { get; init; } = "{}";

    public long CreatedAt { get; init; }

    public double Rxtx => double.Parse(RxtxFactor, CultureInfo.InvariantCulture);

    public Dictionary<string, string> Specs => ComputeJson.Map(ExtraSpecs);
}
