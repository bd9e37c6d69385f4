namespace Ciel.Services.Compute;

/// <summary>A copy of the flavor that a server was made of: a later change or delete of the flavor does not touch it.</summary>
internal sealed record Shape(string Name, int Vcpus, int MemoryMib, int DiskGib, int EphemeralGib, int SwapMib, Dictionary<string, string> ExtraSpecs)
{
    /// <summary>Of the disks besides the root disk, in whole GiB.</summary>
    public int ExtraGib => EphemeralGib + ((SwapMib + 1023) / 1024);

    public static Shape Of(Flavor flavor) =>
        new(flavor.Name, flavor.Vcpus, flavor.MemoryMib, flavor.DiskGib, flavor.EphemeralGib, flavor.SwapMib, flavor.Specs);
}
