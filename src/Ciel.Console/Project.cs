namespace Ciel.WebConsole;

/// <summary>What one page shows of a project.</summary>
/// <param name="Name">The project's name.</param>
/// <param name="User">Who looks.</param>
/// <param name="Machines">Its servers.</param>
/// <param name="Networks">The networks that it may use.</param>
/// <param name="Images">The images that it may use.</param>
/// <param name="Allowances">How much of its quotas is taken.</param>
public sealed record Project(
    string Name, string User, IReadOnlyList<Machine> Machines, IReadOnlyList<Network> Networks, IReadOnlyList<Image> Images, IReadOnlyList<Allowance> Allowances)
{
    /// <summary>Something is under way, so the page looks again by itself.</summary>
    public bool Moves => Machines.Any(m => m.Moves);
}

/// <summary>A server (Nova: <c>GET /servers/detail</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status, with the task that is under way.</param>
/// <param name="Moves">Whether it will change by itself soon.</param>
/// <param name="Flavor">The flavor's name.</param>
/// <param name="Addresses">All addresses, joined by commas.</param>
/// <param name="Created">ISO 8601, UTC.</param>
/// <param name="Fault">Why it is in ERROR; null where it is not.</param>
public sealed record Machine(string Name, string Status, bool Moves, string Flavor, string Addresses, string Created, string? Fault);

/// <summary>A network with its ranges (Neutron: <c>GET /networks</c> and <c>/subnets</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status.</param>
/// <param name="External">Whether it is a public one.</param>
/// <param name="Ranges">Its subnets' CIDRs, joined by commas.</param>
public sealed record Network(string Name, string Status, bool External, string Ranges);

/// <summary>An image (Glance: <c>GET /images</c>).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status.</param>
/// <param name="Format">The disk's format.</param>
/// <param name="Size">Bytes.</param>
public sealed record Image(string Name, string Status, string Format, long Size);

/// <summary>How much of a quota is taken (Nova: <c>GET /limits</c>).</summary>
/// <param name="Name">Of what.</param>
/// <param name="Used">In its own unit.</param>
/// <param name="Limit">The most; negative for none.</param>
public sealed record Allowance(string Name, long Used, long Limit);
