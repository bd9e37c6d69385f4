using System.Net;
using System.Net.Sockets;
using Ciel.Agent.Contract;
using Ciel.Hosting;

namespace Ciel.Commands;

/// <summary>The range of public addresses, which this host reaches through one interface: it must be nobody else's here.</summary>
internal static class PublicRange
{
    private const int SmallestPrefix = 29;

    // Nobody on the Internet has the first (RFC 5737), nor the others (RFC 2544), so that no real host becomes unreachable from here.
    private static readonly IEnumerable<string> Candidates =
        [new CielOptions().PublicCidr, .. Enumerable.Range(0, 256).Select(number => $"198.19.{number}.0/24")];

    /// <summary>The first usual range that is free on this host.</summary>
    public static string Free(string instance, IEnumerable<HostRange> taken) =>
        Candidates.FirstOrDefault(candidate => Taker(instance, IPNetwork.Parse(candidate), taken) is null)
        ?? throw new UserErrorException("All usual ranges of public addresses are taken on this host. Choose another with --public-cidr.");

    /// <summary>Refuses what is no range, and one that the host has for something else.</summary>
    public static void Check(CielOptions options, IReadOnlyList<HostRange> taken)
    {
        if (!IPNetwork.TryParse(options.PublicCidr, out var range)
            || range is not { BaseAddress.AddressFamily: AddressFamily.InterNetwork, PrefixLength: <= SmallestPrefix })
        {
            throw new UserErrorException(
                $"'{options.PublicCidr}' cannot be the public range: it must be IPv4 with at least 8 addresses, such as {Free(options.Name, taken)}.");
        }

        if (Taker(options.Name, range, taken) is { } taker)
        {
            throw new UserErrorException(
                $"The public range {range} overlaps {taker.Range}, which this host already reaches by {taker.Interface}. "
                + $"Choose another, such as --public-cidr {Free(options.Name, taken)}, or take that one away.");
        }
    }

    private static HostRange? Taker(string instance, IPNetwork range, IEnumerable<HostRange> taken) => taken
        .Where(other => other.Interface != HostNames.HostInterface(instance))
        .FirstOrDefault(other => range.Contains(other.Range.BaseAddress) || other.Range.Contains(range.BaseAddress));
}
