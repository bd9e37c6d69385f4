namespace Ciel.Services.Compute;

/// <summary>The meters of compute on the ledger.</summary>
public static class ComputeMeters
{
    /// <summary>A server that runs; quantity 1 server, attributes vcpus, memory_mib, flavor.</summary>
    public const string Running = "server.running";

    /// <summary>A server that holds its place, whether it runs or not (Nova's usage: launched to terminated).</summary>
    public const string Allocated = "server.allocated";

    /// <summary>A server's root disk in GiB.</summary>
    public const string Disk = "server.disk";
}
